//! Connections with TLS, up to the first request.

use std::net::IpAddr;
use std::sync::Arc;

use rcgen::{CertificateParams, KeyPair, date_time_ymd};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore, SupportedProtocolVersion, version};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::kit::Bench;
use super::sockets::{HEALTH, Listening, ip};
use crate::connections::testing::connections;
use crate::system::SystemClock;
use crate::tls::Certificate;
use model::Clock;

const CLIENT: &str = "127.0.0.1";

/// A server with TLS, and clients that know its certificate.
pub(super) struct Secured {
    pub listening: Listening,
    pub certificate: Arc<Certificate>,
    root: CertificateDer<'static>,
    _files: TempDir,
}

impl Secured {
    pub(super) async fn on(bench: Bench) -> Self {
        let files = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_after = date_time_ymd(2070, 1, 1);
        let key = KeyPair::generate().unwrap();
        let own = params.self_signed(&key).unwrap();
        let [cert_path, key_path] = ["cert", "key"].map(|name| files.path().join(name));
        std::fs::write(&cert_path, own.pem()).unwrap();
        std::fs::write(&key_path, key.serialize_pem()).unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(&key_path, private).unwrap();
        let hosts = vec!["localhost".to_owned()];
        let now_ms = SystemClock.now_ms();
        let certificate = Arc::new(Certificate::open(cert_path, key_path, hosts, now_ms).unwrap());
        let listener = Listening::with(bench, "127.0.0.1:0", Some(Arc::clone(&certificate)));
        let listening = listener.await.unwrap();
        Self { listening, certificate, root: own.der().clone(), _files: files }
    }

    /// Shakes hands from an address of this machine.
    pub(super) async fn connect(
        &self,
        from: IpAddr,
        versions: &[&'static SupportedProtocolVersion],
        alpn: &[&[u8]],
    ) -> std::io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots.add(self.root.clone()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider);
        let builder = builder.with_protocol_versions(versions).unwrap();
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
        let stream = self.listening.send(from, "").await?;
        let name = ServerName::try_from("localhost").unwrap();
        TlsConnector::from(Arc::new(config)).connect(name, stream).await
    }

    async fn ask(&self, from: IpAddr, version: &'static SupportedProtocolVersion) -> String {
        let mut stream = self.connect(from, &[version], &[b"http/1.1"]).await.unwrap();
        let request = HEALTH.replacen("\r\n\r\n", "\r\nConnection: close\r\n\r\n", 1);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

#[tokio::test]
async fn both_versions_of_tls_carry_http_1() {
    let secured = Secured::on(Bench::new()).await;
    for version in [&version::TLS12, &version::TLS13] {
        let answer = secured.ask(ip(CLIENT), version).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(secured.certificate.handshakes_failed(), 0);
    secured.listening.end().await;
}

#[tokio::test]
async fn a_client_of_plain_http_is_told_to_use_https() {
    let secured = Secured::on(Bench::new()).await;
    let answer = secured.listening.ask(ip(CLIENT), HEALTH).await;
    assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("https://"), "{answer}");
    assert!(answer.contains("x-content-type-options: nosniff"), "{answer}");
    assert_eq!(secured.certificate.handshakes_failed(), 1);
    secured.listening.end().await;
}

#[tokio::test]
async fn handshakes_without_an_end_keep_nobody_out() {
    // No byte, a record that is not whole, and records of a greeting that has no end.
    let endless = format!("\u{16}\u{3}\u{1}\u{1}\0\u{1}\0\u{7f}\0{}", "x".repeat(200));
    for slow in ["", "\u{16}\u{3}\u{1}", &endless] {
        let secured = Secured::on(Bench::with(|site| site.connections = connections(2))).await;
        let blocks = (1..=40).map(|block| IpAddr::from([127, 1, block, 1]));
        let held = secured.listening.hold(blocks, slow).await;
        secured.listening.until_open(16).await;
        let answer = secured.ask(ip(CLIENT), &version::TLS13).await;
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(secured.listening.bench.site.connections.displaced() >= 24);
        drop(held);
        secured.listening.until_open(0).await;
        secured.listening.end().await;
    }
}

#[tokio::test]
async fn a_handshake_has_a_deadline_and_a_bounded_length() {
    let secured = Secured::on(Bench::new()).await;
    let mut slow = secured.listening.send(ip(CLIENT), "\u{16}\u{3}\u{1}").await.unwrap();
    secured.listening.until_open(1).await;
    // The clock moves only when nothing else can happen any more.
    tokio::time::pause();
    assert_eq!(slow.read(&mut [0]).await.unwrap_or_default(), 0);
    tokio::time::resume();
    secured.listening.until_open(0).await;
    assert_eq!(secured.certificate.handshakes_failed(), 1);
    // Records of 127 bytes of one message that announces 64,000.
    let record =
        |first: &str| format!("\u{16}\u{3}\u{1}\0\u{7f}{first}{}", "x".repeat(127 - first.len()));
    let long = record("\u{1}\0\u{7a}\0") + &record("").repeat(500);
    let mut long = secured.listening.send(ip(CLIENT), &long).await.unwrap();
    let mut rest = Vec::new();
    long.read_to_end(&mut rest).await.ok();
    secured.listening.until_open(0).await;
    assert_eq!(secured.certificate.handshakes_failed(), 2);
    secured.listening.end().await;
}
