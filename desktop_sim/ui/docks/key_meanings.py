"""What each configuration key is for, in a sentence. Names and values are those of the wire and stay as they are."""

from desktop_sim.ui.texts import _


def meaning(key: str) -> str:
    """What the key is for; empty for a key nobody has described."""
    return _meanings().get(key, "")


def type_words(form: str, unit: str) -> str:
    """What kind of value a key takes."""
    word = {
        "bool": _("true or false"),
        "int": _("number"),
        "measurands": _("list of measurands"),
        "rotation": _("list of phase rotations"),
        "profiles": _("list of feature profiles"),
        "password": _("secret"),
    }.get(form, _("text"))
    return f"{word}, {_('times') if unit == 'times' else unit}" if unit else word


def _meanings() -> dict[str, str]:
    return {
        "AllowOfflineTxForUnknownId": _("Whether an unknown tag may charge while there is no connection."),
        "AuthorizationCacheEnabled": _("Whether the station remembers what the central system said of tags."),
        "AuthorizationKey": _("The password of the connection. It can be set, never read."),
        "AuthorizeRemoteTxRequests": _("Whether a remote start asks about its tag first."),
        "BlinkRepeat": _("How often the lamps blink."),
        "ClockAlignedDataInterval": _("Time between readings on the clock; 0: none."),
        "ConnectionTimeOut": _("How long a presented tag waits for the cable."),
        "ConnectorPhaseRotation": _("How the phases of each connector are wired to the grid."),
        "ConnectorPhaseRotationMaxLength": _("The most items ConnectorPhaseRotation holds."),
        "GetConfigurationMaxKeys": _("The most keys one GetConfiguration may ask for."),
        "HeartbeatInterval": _("Time between heartbeats; the answer to BootNotification sets it."),
        "LightIntensity": _("How bright the lamps are."),
        "LocalAuthorizeOffline": _("Whether known tags may charge while there is no connection."),
        "LocalPreAuthorize": _("Whether known tags start at once, without waiting for the central system."),
        "MaxEnergyOnInvalidId": _("Energy a transaction may still take after its tag was refused."),
        "MessageTimeout": _("How long the station waits for an answer."),
        "MeterValuesAlignedData": _("What is measured for the readings on the clock."),
        "MeterValuesAlignedDataMaxLength": _("The most items MeterValuesAlignedData holds."),
        "MeterValuesSampledData": _("What is measured for the readings of a transaction."),
        "MeterValuesSampledDataMaxLength": _("The most items MeterValuesSampledData holds."),
        "MeterValueSampleInterval": _("Time between the readings of a transaction; 0: none."),
        "MinimumStatusDuration": _("How long a status must last before it is reported."),
        "NumberOfConnectors": _("How many connectors the station has."),
        "ResetRetries": _("How often an unsuccessful reset is tried again."),
        "StopTransactionMaxMeterValues": _("The most readings StopTransaction brings along."),
        "StopTransactionOnEVSideDisconnect": _("Whether pulling the cable at the car ends the transaction."),
        "StopTransactionOnInvalidId": _("Whether a transaction ends when its tag turns out to be refused."),
        "StopTxnAlignedData": _("Readings on the clock that StopTransaction brings along."),
        "StopTxnAlignedDataMaxLength": _("The most items StopTxnAlignedData holds."),
        "StopTxnSampledData": _("Readings that StopTransaction brings along."),
        "StopTxnSampledDataMaxLength": _("The most items StopTxnSampledData holds."),
        "SupportedFeatureProfiles": _("The feature profiles this station has."),
        "SupportedFeatureProfilesMaxLength": _("The most items SupportedFeatureProfiles holds."),
        "TransactionMessageAttempts": _("How often a refused transaction message is sent in all."),
        "TransactionMessageRetryInterval": _(
            "Time before such a message is sent again; it grows with each attempt."
        ),
        "UnlockConnectorOnEVSideDisconnect": _("Whether the cable comes free when it is pulled at the car."),
        "WebSocketPingInterval": _("Time between pings of the connection; 0: none."),
        "LocalAuthListEnabled": _("Whether the local list of tags is used."),
        "LocalAuthListMaxLength": _("The most tags the local list holds."),
        "SendLocalListMaxLength": _("The most tags one SendLocalList may bring."),
        "ReserveConnectorZeroSupported": _("Whether a reservation may leave the connector open."),
        "ChargeProfileMaxStackLevel": _("The highest stack level of a charging profile."),
        "ChargingScheduleAllowedChargingRateUnit": _("The units a charging schedule may use."),
        "ChargingScheduleMaxPeriods": _("The most periods of a charging schedule."),
        "ConnectorSwitch3to1PhaseSupported": _("Whether a running transaction can change to one phase."),
        "MaxChargingProfilesInstalled": _("The most charging profiles the station keeps."),
        "SupportedFileTransferProtocols": _("How files can be fetched and uploaded."),
        "AdditionalRootCertificateCheck": _(
            "Whether a new root certificate must be signed by the one before."
        ),
        "CertificateSignedMaxChainSize": _("The longest certificate chain that is taken."),
        "CertificateStoreMaxLength": _("The most root certificates the station keeps."),
        "CpoName": _("The operator's name, as it stands in certificate requests."),
        "SecurityProfile": _("How the connection is secured, 0 to 3; it can only rise."),
    }
