//! TLS of a connection to PostgreSQL. The files are read for each connection, so renewed ones need no restart.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::{self, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::Socket;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::ssl_options::{ClientPair, Roots, SslMode, SslOptions};
use super::trust::AnyName;

/// Protocol of PostgreSQL in a handshake. PostgreSQL 17 §53.2.10: a server that is asked directly requires it.
const ALPN: &[u8] = b"postgresql";

/// Permission bits of the group and others, with which libpq refuses a key file. Root's may be read by the group.
const OF_OTHERS: u32 = 0o077;
const OF_STRANGERS: u32 = 0o037;

/// Makes the TLS of connections, and notes whether one came to it.
#[derive(Clone)]
pub(in crate::engine) struct Connector {
    inner: MakeRustlsConnect,
    is_used: Arc<AtomicBool>,
}

/// Begins TLS on a connection.
pub(in crate::engine) struct Beginner {
    inner: <MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect,
    is_used: Arc<AtomicBool>,
}

impl Connector {
    /// Reads the files of the options. Fails with a sentence about a file.
    pub(super) fn new(options: &SslOptions) -> Result<Self, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|why| why.to_string())?;
        let roots = options.roots.as_ref().map(read_roots).transpose()?;
        let builder = match (options.mode, roots) {
            (SslMode::VerifyFull, Some(roots)) => builder.with_root_certificates(roots),
            (_, roots) => {
                let any_name = AnyName { roots, algorithms };
                builder.dangerous().with_custom_certificate_verifier(Arc::new(any_name))
            }
        };
        let mut config = match &options.client {
            None => builder.with_no_client_auth(),
            Some(ClientPair { cert, key }) => {
                let chain = read_certificates(cert, "sslcert")?;
                builder.with_client_auth_cert(chain, read_key(key)?).map_err(|why| {
                    format!("sslcert {} and sslkey {}: {why}", cert.display(), key.display())
                })?
            }
        };
        config.alpn_protocols = vec![ALPN.to_vec()];
        Ok(Self { inner: MakeRustlsConnect::new(config), is_used: Arc::default() })
    }

    /// Tells whether a connection came to TLS.
    pub(super) fn is_used(&self) -> bool {
        self.is_used.load(Ordering::Relaxed)
    }
}

impl MakeTlsConnect<Socket> for Connector {
    type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;
    type TlsConnect = Beginner;
    type Error = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Error;

    fn make_tls_connect(&mut self, host: &str) -> Result<Beginner, Self::Error> {
        let inner = MakeTlsConnect::<Socket>::make_tls_connect(&mut self.inner, host)?;
        Ok(Beginner { inner, is_used: Arc::clone(&self.is_used) })
    }
}

impl TlsConnect<Socket> for Beginner {
    type Stream = <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream;
    type Error =
        <<MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect as TlsConnect<Socket>>::Error;
    type Future =
        <<MakeRustlsConnect as MakeTlsConnect<Socket>>::TlsConnect as TlsConnect<Socket>>::Future;

    fn connect(self, stream: Socket) -> Self::Future {
        self.is_used.store(true, Ordering::Relaxed);
        self.inner.connect(stream)
    }
}

fn read_roots(roots: &Roots) -> Result<RootCertStore, String> {
    let mut store = RootCertStore::empty();
    match roots {
        Roots::File(path) => {
            for certificate in read_certificates(path, "sslrootcert")? {
                store
                    .add(certificate)
                    .map_err(|why| format!("sslrootcert {}: {why}", path.display()))?;
            }
        }
        Roots::System => {
            store.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
            if store.is_empty() {
                return Err("sslrootcert=system: this machine has no file of trusted CAs: install the package \
                     ca-certificates, or give sslrootcert=FILE"
                    .into());
            }
        }
    }
    Ok(store)
}

fn read_certificates(path: &Path, option: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates: Result<Vec<_>, _> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    let certificates = certificates.map_err(|why| unreadable(option, path, &why))?;
    if certificates.is_empty() {
        return Err(unreadable(option, path, &pem::Error::NoItemsFound));
    }
    Ok(certificates)
}

fn read_key(path: &Path) -> Result<PrivateKeyDer<'static>, String> {
    if let Ok(metadata) = path.metadata() {
        let bits = if metadata.uid() == 0 { OF_STRANGERS } else { OF_OTHERS };
        if metadata.mode() & bits != 0 {
            let path = path.display();
            return Err(format!(
                "sslkey: other users of this machine may read or write {path}: run `chmod u=rw,go= {path}`"
            ));
        }
    }
    PrivateKeyDer::from_pem_file(path).map_err(|why| unreadable("sslkey", path, &why))
}

fn unreadable(option: &str, path: &Path, why: &pem::Error) -> String {
    let path = path.display();
    if let pem::Error::Io(why) = why {
        return format!("{option} {path}: {why}");
    }
    if matches!(why, pem::Error::NoItemsFound) {
        return format!(
            "{option} {path}: it has no PEM of a certificate or of a key without a password"
        );
    }
    format!("{option} {path}: {why}")
}
