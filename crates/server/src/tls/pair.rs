//! A certificate with its key, as two PEM files have them.

use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::ParsedCertificate;
use zeroize::Zeroizing;

use super::expiry::Validity;
use crate::file_access::Owners;

/// Protocols that are offered, the best one first. RFC 7301 §6.
const ALPN: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// Maximum length of a file. A chain of ten certificates has 20 KiB.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// A certificate with its key, ready for handshakes.
pub(super) struct Pair {
    pub(super) config: Arc<ServerConfig>,
    pub(super) validity: Validity,
    leaf: CertificateDer<'static>,
}

impl Pair {
    /// Reads a pair that can be used at `now`, since 1970. Fails with a sentence about the files.
    pub(super) fn read(cert: &Path, key: &Path, now: Duration) -> Result<Self, String> {
        let chain = read_chain(cert)?;
        let key_der = read_key(key)?;
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| why.to_string())?;
        let leaf = chain.first().cloned().unwrap_or_else(|| CertificateDer::from(Vec::new()));
        let validity = Validity::of(&leaf)
            .map_err(|why| format!("--tls-cert {}: it is no certificate: {why}", cert.display()))?;
        let mut config = builder.with_no_client_auth().with_single_cert(chain, key_der).map_err(|why| {
            format!(
                "--tls-cert {} and --tls-key {} are no pair: {why}. The first certificate of the file must be the \
                 server's, and the key its own",
                cert.display(),
                key.display()
            )
        })?;
        if validity.has_ended(now) {
            return Err(format!("--tls-cert {}: it has expired: renew it", cert.display()));
        }
        config.alpn_protocols = ALPN.map(<[u8]>::to_vec).to_vec();
        Ok(Self { config: Arc::new(config), validity, leaf })
    }

    /// Tells whether clients take the certificate for that of a host.
    pub(super) fn is_for(&self, host: &str) -> bool {
        let name = ServerName::try_from(host.trim_start_matches('[').trim_end_matches(']'));
        let certificate = ParsedCertificate::try_from(&self.leaf);
        let (Ok(name), Ok(certificate)) = (name, certificate) else { return false };
        verify_server_name(&certificate, &name).is_ok()
    }
}

fn read_chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let file = open(path).map_err(|why| format!("--tls-cert {}: {why}", path.display()))?;
    let chain: Result<Vec<_>, _> =
        CertificateDer::pem_reader_iter(BufReader::new(file.take(FILE_BYTES_MAX))).collect();
    match chain {
        Ok(chain) if !chain.is_empty() => Ok(chain),
        Ok(_) => Err(format!("--tls-cert {}: it has no certificate in PEM", path.display())),
        Err(why) => Err(format!("--tls-cert {}: {why}", path.display())),
    }
}

/// Reads a key that nobody else on this machine may read.
fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    let said = |why: String| format!("--tls-key {}: {why}", path.display());
    let file = open(path).map_err(said)?;
    let metadata = file.metadata().map_err(|why| said(why.to_string()))?;
    Owners::of_server().require_secret(path, &metadata)?;
    let mut text = Zeroizing::new(Vec::new());
    file.take(FILE_BYTES_MAX).read_to_end(&mut text).map_err(|why| said(why.to_string()))?;
    PrivateKeyDer::from_pem_slice(&text).map_err(|why| {
        let none =
            "it has no key in PEM, or one with a password, which nobody could type at a start";
        said(if matches!(why, pem::Error::NoItemsFound) {
            none.to_owned()
        } else {
            why.to_string()
        })
    })
}

fn open(path: &Path) -> Result<File, String> {
    File::open(path).map_err(|why| why.to_string())
}
