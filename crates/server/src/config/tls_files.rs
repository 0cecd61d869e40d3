//! The settings of TLS, which need each other.

use std::path::PathBuf;

use super::ServeArgs;

/// The files of the certificate and its key.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// The files of TLS, if the server is to end it itself, or the reason why the settings are refused.
pub fn tls_files(args: &ServeArgs) -> Result<Option<TlsFiles>, String> {
    let files = match (&args.tls_cert, &args.tls_key) {
        (Some(cert), Some(key)) => Some(TlsFiles { cert: cert.clone(), key: key.clone() }),
        (None, None) => None,
        (Some(_), None) | (None, Some(_)) => {
            return Err(
                "--tls-cert and --tls-key must be given together: the certificate and its key"
                    .into(),
            );
        }
    };
    match (args.plain_listen, &files) {
        (Some(_), None) => Err(
            "--plain-listen is for plain HTTP beside HTTPS and needs --tls-cert and --tls-key: \
             without them --listen speaks plain HTTP"
                .into(),
        ),
        // Passwords and keys would go over a network in the clear.
        (Some(address), Some(_)) if !address.ip().to_canonical().is_loopback() => Err(format!(
            "--plain-listen {address} would be plain HTTP for other machines: give a loopback address, such as \
             127.0.0.1:{}",
            address.port()
        )),
        (Some(_) | None, _) => Ok(files),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(cert: bool, key: bool, plain: Option<&str>) -> Result<bool, String> {
        let path = |is_given: bool| is_given.then(|| PathBuf::from("/file"));
        let plain_listen = plain.map(|address| address.parse().unwrap());
        let (tls_cert, tls_key) = (path(cert), path(key));
        let args = ServeArgs { tls_cert, tls_key, plain_listen, ..ServeArgs::default() };
        tls_files(&args).map(|files| files.is_some())
    }

    #[test]
    fn the_files_come_together_and_plain_http_stays_on_this_machine() {
        assert_eq!((files(false, false, None), files(true, true, None)), (Ok(false), Ok(true)));
        for address in ["127.0.0.1:8080", "[::1]:8080", "[::ffff:127.0.0.1]:8080"] {
            assert_eq!(files(true, true, Some(address)), Ok(true), "{address}");
        }
        for (cert, key, plain, words) in [
            (true, false, None, "together"),
            (false, true, None, "together"),
            (false, false, Some("127.0.0.1:1"), "needs --tls-cert"),
            (true, true, Some("0.0.0.0:8080"), "127.0.0.1:8080"),
            (true, true, Some("10.0.0.1:8080"), "loopback address"),
        ] {
            let refused = files(cert, key, plain).unwrap_err();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
