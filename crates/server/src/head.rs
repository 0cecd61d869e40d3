//! The head of a request, with what is read from it.

use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;

use http::{HeaderMap, request};
use kernel::{Portico, RequestInfo};
use model::Fault;
use model::ids::RequestId;
use model::network::IpRange;
use protocol::sigv4::{DetachedSignature, Parts, Signed};
use store::Origin;

use crate::client_address::{ClientAddress, client_address};

/// The header that names the operation of an awsJson request.
pub const TARGET: &str = "x-amz-target";

/// The outcome of the search for a signature.
pub type FoundSignature = Result<Option<DetachedSignature>, Fault>;

/// The head of a request.
pub struct Head {
    pub parts: request::Parts,
    /// Filled by the first look for a signature. `Signed::find` runs once per request.
    signature: OnceLock<FoundSignature>,
}

impl Head {
    #[must_use]
    pub fn new(parts: request::Parts) -> Self {
        Self { parts, signature: OnceLock::new() }
    }

    /// The signature, if there is one. It is not verified.
    pub fn signature(&self) -> Result<Option<Signed<'_>>, Fault> {
        let find = || Ok(Signed::find(self.signed_parts())?.map(Signed::detach));
        match self.signature.get_or_init(find) {
            Ok(found) => Ok(found.as_ref().map(|found| found.attach(self.signed_parts()))),
            Err(fault) => Err(fault.clone()),
        }
    }

    /// The head apart from the signature found in it.
    pub fn into_parts(self) -> (request::Parts, FoundSignature) {
        self.signature().ok();
        (self.parts, self.signature.into_inner().unwrap_or(Ok(None)))
    }

    /// The operation that an awsJson request names.
    #[must_use]
    pub fn target(&self) -> Option<&str> {
        self.header(TARGET)
    }

    /// A header of plain text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        text(&self.parts.headers, name)
    }

    /// The cookies of the request, in one text.
    #[must_use]
    pub fn cookies(&self) -> String {
        let cookies = self.parts.headers.get_all(http::header::COOKIE).iter();
        cookies.filter_map(|value| value.to_str().ok()).collect::<Vec<_>>().join("; ")
    }

    /// Tells whether the client, which says the length of the body, waits for `100 Continue` before it sends any.
    #[must_use]
    pub fn awaits_continue(&self) -> bool {
        let expected = self.header(http::header::EXPECT.as_str());
        expected.is_some_and(|expected| expected.eq_ignore_ascii_case("100-continue"))
            && self.parts.headers.contains_key(http::header::CONTENT_LENGTH)
    }

    #[must_use]
    pub fn method(&self) -> &str {
        self.parts.method.as_str()
    }

    #[must_use]
    pub fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The query string; empty without one.
    #[must_use]
    pub fn query(&self) -> &str {
        self.parts.uri.query().unwrap_or_default()
    }

    /// The address of the client. A trusted proxy names the client that it forwards for.
    pub(crate) fn client_address(
        &self,
        trusted_proxies: &[IpRange],
        peer: SocketAddr,
    ) -> ClientAddress {
        client_address(trusted_proxies, &self.parts.headers, peer.ip())
    }

    /// The origin of the request.
    #[must_use]
    pub fn request_info(&self, portico: &Portico, source_address: IpAddr) -> RequestInfo {
        let headers = &self.parts.headers;
        let origin = Origin {
            source_address: source_address.to_string(),
            user_agent: text(headers, "user-agent").unwrap_or_default().to_owned(),
        };
        let is_secure = portico.settings.public_url.starts_with("https://");
        RequestInfo::new(RequestId::random(&*portico.random), origin, is_secure)
    }

    /// The parts that a signature covers.
    #[must_use]
    pub fn signed_parts(&self) -> Parts<'_> {
        Parts {
            method: self.method(),
            path: self.path(),
            query: self.query(),
            headers: &self.parts.headers,
        }
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}
