"""TLS handshakes that fail: whose fault it is, and what to do (SEC-PROF-5, SEC-PROF-6)."""

from __future__ import annotations

import ssl

from desktop_sim.transport.attempt import Attempt
from desktop_sim.transport.host_name import HostNameMismatch
from desktop_sim.transport.link import LinkRefused

_CERTIFICATE = "InvalidCentralSystemCertificate"
_VERSION = "InvalidTLSVersion"
_SUITE = "InvalidTLSCipherSuite"
_NOT_AUTHENTICATED = "FailedToAuthenticateAtCentralSystem"

_NOT_YET_VALID = 9
_EXPIRED = 10
_SELF_SIGNED = 18
_UNKNOWN_ISSUER = (19, 20, 21, 2, 27)
_REVOKED = 23
_WEAK = (66, 67, 68)

_OLD_VERSION = (
    "UNSUPPORTED_PROTOCOL",
    "TLSV1_ALERT_PROTOCOL_VERSION",
    "VERSION_TOO_LOW",
    "WRONG_SSL_VERSION",
)
_NO_COMMON_SUITE = (
    "SSLV3_ALERT_HANDSHAKE_FAILURE",
    "NO_SHARED_CIPHER",
    "TLSV1_ALERT_INSUFFICIENT_SECURITY",
    "DH_KEY_TOO_SMALL",
)
_NO_TLS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")


def refused_by_tls(problem: ssl.SSLError, attempt: Attempt) -> LinkRefused:
    """The refusal that a failed TLS handshake means."""
    if isinstance(problem, HostNameMismatch):
        return _refused(_wrong_name(problem), _CERTIFICATE)
    if isinstance(problem, ssl.SSLCertVerificationError):
        return _refused(_untrusted(problem, attempt), _CERTIFICATE)
    reason = problem.reason or ""
    if reason in _OLD_VERSION:
        return _refused(
            f"{attempt.place} knows no TLS 1.2 or newer, and nothing older is safe: the server must be updated.",
            _VERSION,
        )
    if reason in _NO_TLS:
        return _refused(
            f"{attempt.place} does not speak TLS: write ws:// instead of wss://, or check the port.", None
        )
    if "CERTIFICATE" in reason or reason in ("TLSV1_ALERT_UNKNOWN_CA", "TLSV1_ALERT_ACCESS_DENIED"):
        return _refused(_ours_refused(reason, attempt), _NOT_AUTHENTICATED)
    if reason in _NO_COMMON_SUITE:
        also = (
            "" if attempt.with_certificate else ", or it asks for a client certificate (security profile 3)"
        )
        return _refused(
            f"{attempt.place} and the station share no cipher suite{also}: the server must offer AES-GCM suites.",
            _SUITE,
        )
    return _refused(f"The TLS handshake with {attempt.place} failed: {reason or problem}.", None)


def _refused(sentence: str, event: str | None) -> LinkRefused:
    return LinkRefused(sentence, "tls", security_event=event)


def _wrong_name(problem: HostNameMismatch) -> str:
    names = ", ".join(problem.names) or "nobody"
    if problem.by_wildcard:
        return (
            f"The server's certificate names {problem.host} only by a wildcard ({names}): allow wildcards, or have it "
            f"issued for the name itself."
        )
    return (
        f"The server's certificate is for {names}, not for {problem.host}: use that name in the address, have it "
        f"issued for this one, or switch off the host name check."
    )


def _untrusted(problem: ssl.SSLCertVerificationError, attempt: Attempt) -> str:
    whose = f"The certificate of {attempt.place}"
    code = getattr(problem, "verify_code", 0)
    if code == _EXPIRED:
        return f"{whose} has expired: the server needs a new one. (Or this machine's clock is wrong.)"
    if code == _NOT_YET_VALID:
        return f"{whose} is not valid yet: check this machine's clock and the certificate's dates."
    if code == _SELF_SIGNED:
        return f"{whose} is self-signed and not trusted: give this very certificate as CA file."
    if code in _UNKNOWN_ISSUER:
        return (
            f"{whose} was issued by an authority that is not trusted: give the authority's certificate as CA file. If "
            f"that is done, the server leaves out an intermediate certificate."
        )
    if code == _REVOKED:
        return f"{whose} has been revoked: the server needs a new one."
    if code in _WEAK:
        return f"{whose} is too weak (short key or broken digest): the server needs a new one."
    return f"{whose} is not trusted: {getattr(problem, 'verify_message', None) or problem}."


def _ours_refused(reason: str, attempt: Attempt) -> str:
    if not attempt.with_certificate:
        return f"{attempt.place} asks for a client certificate: use security profile 3, with certificate and key."
    why = {
        "TLSV1_ALERT_UNKNOWN_CA": "it does not know who issued it",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED": "it has expired",
        "SSLV3_ALERT_CERTIFICATE_REVOKED": "it has been revoked",
        "TLSV1_ALERT_ACCESS_DENIED": "this station is not admitted",
    }.get(reason, reason.lower().replace("_", " "))
    return (
        f"{attempt.place} does not accept the station's certificate: {why}. Have it issued by an authority that the "
        f"central system trusts."
    )
