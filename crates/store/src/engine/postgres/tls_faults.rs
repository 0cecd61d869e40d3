//! What failures of TLS mean, in words for the operator.

use std::error::Error as _;
use std::io;

use rustls::{AlertDescription, CertificateError, Error as TlsError};
use tokio_postgres::Error;

/// Says why there is no TLS on a connection, and what to do. `None` for failures that are not of TLS.
pub(super) fn in_words(error: &Error) -> Option<String> {
    let mut cause = error.source();
    while let Some(why) = cause {
        // The text of the client library, which has no type for it.
        if why.to_string() == "server does not support TLS" {
            return Some(
                "the server has no TLS, and sslmode asks for it: set `ssl = on` with `ssl_cert_file` and \
                 `ssl_key_file` in postgresql.conf, or say sslmode=disable if the network is safe"
                    .into(),
            );
        }
        // The source of an input and output error is the source of what is in it.
        let inner = why.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(why) = inner.and_then(|inner| inner.downcast_ref()) {
            return Some(of_handshake(why));
        }
        cause = why.source();
    }
    None
}

fn of_handshake(error: &TlsError) -> String {
    if let TlsError::InvalidCertificate(why) = error {
        return of_certificate(why);
    }
    if let TlsError::AlertReceived(alert) = error {
        return of_alert(*alert);
    }
    format!("TLS failed: {error}")
}

/// What a certificate is refused for, by the beginning of the name of its error, and what to do. The errors of the
/// verifier beneath (the last two) have no type here.
const REFUSALS: [(&str, &str); 7] = [
    (
        "UnknownIssuer",
        "it is of no CA that sslrootcert has: name the file of the CA that signed it",
    ),
    ("BadSignature", "it is of no CA that sslrootcert has: name the file of the CA that signed it"),
    (
        "NotValidForName",
        "it is for another name: use the host of --database that the certificate has as \
         subjectAltName (a common name does not count), or sslmode=verify-ca, which compares no name",
    ),
    ("Expired", "it has expired: renew it on the server, or set the clock of this machine"),
    ("NotValidYet", "it is not valid yet: set the clocks of both machines"),
    (
        "Other(OtherError(CaUsedAsEndEntity",
        "it is that of a CA itself: give the server one that the CA has signed, or make a \
         self-signed one with basicConstraints=CA:FALSE",
    ),
    (
        "Other(OtherError(UnsupportedCertVersion",
        "it is X.509 version 1, which has no names: make one of version 3 with subjectAltName",
    ),
];

fn of_certificate(error: &CertificateError) -> String {
    let name = format!("{error:?}");
    let refusal = REFUSALS.iter().find(|(start, _)| name.starts_with(start));
    let advice = refusal.map_or("it cannot be verified", |(_, advice)| advice);
    format!("the certificate of the server is refused, because {advice} ({error})")
}

/// Alerts of a server that misses a client certificate, or does not trust the one that it got.
const OF_CLIENT_CERTIFICATES: [AlertDescription; 5] = [
    AlertDescription::CertificateRequired,
    AlertDescription::BadCertificate,
    AlertDescription::UnknownCA,
    AlertDescription::CertificateExpired,
    AlertDescription::CertificateUnknown,
];

fn of_alert(alert: AlertDescription) -> String {
    let is_of_client = OF_CLIENT_CERTIFICATES.contains(&alert);
    let advice =
        ": it wants a client certificate of a CA that it trusts: sslcert=FILE and sslkey=FILE";
    format!("the server ended TLS with {alert:?}{}", if is_of_client { advice } else { "" })
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::{ServerName, UnixTime};

    use super::*;

    #[test]
    fn a_refused_certificate_is_told_with_what_to_do() {
        let expected = ServerName::try_from("db.example").unwrap();
        let time = UnixTime::since_unix_epoch(std::time::Duration::ZERO);
        for (error, words) in [
            (CertificateError::UnknownIssuer, "of no CA"),
            (
                CertificateError::NotValidForNameContext {
                    expected: expected.to_owned(),
                    presented: vec!["other.example".into()],
                },
                "for another name",
            ),
            (CertificateError::ExpiredContext { time, not_after: time }, "expired"),
            (CertificateError::NotValidYet, "not valid yet"),
            (CertificateError::Revoked, "cannot be verified"),
        ] {
            let said = of_handshake(&TlsError::InvalidCertificate(error));
            assert!(said.contains(words), "{said}");
        }
        let said = of_handshake(&TlsError::AlertReceived(AlertDescription::CertificateRequired));
        assert!(said.contains("sslcert"), "{said}");
    }
}
