//! A browser's request as the server hands it over, and the keys that pages need.

use kernel::RequestInfo;

/// The keys of pages. All nodes have the same.
pub struct Site {
    /// Makes and checks the tokens of forms.
    pub form_key: [u8; 32],
    /// Seals the cookie of an open console.
    pub console_key: [u8; 32],
}

/// A browser's request, taken apart by the server.
pub struct PageRequest<'a> {
    pub method: &'a str,
    /// Still percent-encoded. The paths of pages need no encoding.
    pub path: &'a str,
    pub query: &'a str,
    /// `Host`: the name that the browser addressed.
    pub host: Option<&'a str>,
    /// The `Cookie` headers, joined with `; `.
    pub cookies: &'a str,
    /// `Sec-Fetch-Site`: the relation of the page with the link to this one. Older browsers do not
    /// send it.
    pub fetch_site: Option<&'a str>,
    /// True unless the browser came through a proxy that the server does not trust: the address of `info` is then
    /// the proxy's.
    pub is_address_known: bool,
    pub body: &'a [u8],
    pub info: &'a RequestInfo,
}
