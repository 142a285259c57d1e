"""Requirements without a test here: id → why."""

NOT_APPLICABLE: dict[str, str] = {
    "CORE-AUTH-14": "there is no card: a tag is the text somebody types, sent as it is",
    "CORE-MV-24": "optional, and not built: no reading is ever sent as SignedData",
    "A.24/certificate": "the security messages are not there yet; they answer NotSupported",
}
