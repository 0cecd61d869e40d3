//! Connections to an S3 server: HTTP/1.1, over TLS if the endpoint is of https.

use bytes::Bytes;
use http::Uri;
use http_body_util::Full;
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::outgoing_tls::{client_config, machine_roots};

pub(super) type Sender = SendRequest<Full<Bytes>>;

/// Where the server is, and how it is reached.
pub(super) struct Endpoint {
    /// The URL, without a path.
    pub(super) url: String,
    /// As the header `Host` has it.
    pub(super) authority: String,
    host: String,
    port: u16,
    tls: Option<TlsConnector>,
}

impl Endpoint {
    pub(super) fn parse(url: &str) -> Result<Self, String> {
        let refused = || {
            format!(
                "{url} is no endpoint of an S3 server: give a URL such as https://s3.example.org:9000"
            )
        };
        let uri: Uri = url.trim_end_matches('/').parse().map_err(|_| refused())?;
        let authority = uri.authority().filter(|_| uri.path() == "/" && uri.query().is_none());
        let authority =
            authority.filter(|name| !name.as_str().contains('@')).ok_or_else(refused)?;
        let (tls, port) = match uri.scheme_str() {
            Some("https") => (Some(trusting_the_machine()?), 443),
            Some("http") => (None, 80),
            Some(_) | None => return Err(refused()),
        };
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            authority: authority.to_string(),
            host,
            port: authority.port_u16().unwrap_or(port),
            tls,
        })
    }

    pub(super) async fn connect(&self) -> Result<Sender, String> {
        let tcp = TcpStream::connect((self.host.as_str(), self.port)).await;
        let tcp = tcp.map_err(|why| why.to_string())?;
        tcp.set_nodelay(true).ok();
        let Some(tls) = &self.tls else { return speak(tcp).await };
        let name = ServerName::try_from(self.host.clone()).map_err(|why| why.to_string())?;
        let shaken = tls.connect(name, tcp).await;
        speak(shaken.map_err(|why| format!("{why}. SSL_CERT_FILE names a file of other CAs"))?)
            .await
    }
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Send + Unpin + 'static,
) -> Result<Sender, String> {
    let (sender, connection) =
        handshake(TokioIo::new(stream)).await.map_err(|why| why.to_string())?;
    // Its failure is the failure of the request that it has.
    tokio::spawn(connection);
    Ok(sender)
}

/// TLS that trusts the CAs of the machine, or those that `SSL_CERT_FILE` names.
fn trusting_the_machine() -> Result<TlsConnector, String> {
    let roots = machine_roots();
    if roots.is_empty() {
        return Err("this machine has no file of trusted CAs: install the package ca-certificates, or name a file in \
             SSL_CERT_FILE"
            .to_owned());
    }
    client_config(roots).map(TlsConnector::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_endpoint_is_a_url_without_a_path() {
        let endpoint = Endpoint::parse("http://127.0.0.1:9000/").unwrap();
        assert_eq!((endpoint.host.as_str(), endpoint.port), ("127.0.0.1", 9000));
        assert_eq!(endpoint.authority, "127.0.0.1:9000");
        let endpoint = Endpoint::parse("http://[::1]").unwrap();
        assert_eq!((endpoint.host.as_str(), endpoint.port), ("::1", 80));
        for url in
            ["", "s3.test", "ftp://s3.test", "http://s3.test/path", "http://a:b@s3.test", "http://"]
        {
            assert!(Endpoint::parse(url).is_err(), "{url}");
        }
    }
}
