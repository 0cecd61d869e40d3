//! The HTTP handler: passes requests to `s3s` and completes its responses.
//!
//! INVARIANT: `s3s` sees no signature and no secret, and checks none: there is one verifier
//! (`protocol::sigv4`), which sees the request as it came. `s3s` sees no body that streams either.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::uri::PathAndQuery;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri, header,
};
use http_body_util::BodyExt;
use kernel::RequestInfo;
use model::Fault;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s::validation::NameValidation;
use s3s::{Body, S3ErrorCode, StdError};

use crate::actions::UNKNOWN;
use crate::call::{FoundSignature, S3Call};
use crate::declaration::check_length_of_chunks;
use crate::documents::{self, Asked};
use crate::host::Domains;
use crate::intake::{self, DocumentSlots};
use crate::object_store::{ObjectStore, Trace};
use crate::refusal::Refusal;
use crate::request_documents::{names_upload, plain, takes_document};
use crate::request_headers::{prepare, text};
use crate::{absence, routes};

/// Fetch Metadata §2.1: what a browser wants the answer for.
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Destinations of a browser's fetch that act on the page or on the origin: scripts, style sheets, workers.
// Fetch §2.2.5, "destination"; Fetch Metadata §2.1.
const ACTIVE: [&str; 13] = [
    "audioworklet",
    "embed",
    "json",
    "manifest",
    "object",
    "paintworklet",
    "script",
    "serviceworker",
    "sharedworker",
    "speculationrules",
    "style",
    "worker",
    "xslt",
];

/// Answers HTTP requests.
pub struct Handler {
    store: ObjectStore,
    service: S3Service,
    domains: Domains,
    documents: DocumentSlots,
}

/// Accepts every name: `model::bucket::BucketName` has the rules, and says which one is broken.
struct AnyName;

impl NameValidation for AnyName {
    fn validate_bucket_name(&self, _: &str) -> bool {
        true
    }
}

impl Handler {
    #[must_use]
    pub fn new(store: ObjectStore, domains: Domains) -> Self {
        let mut builder = S3ServiceBuilder::new(store.clone());
        builder.set_validation(AnyName);
        Self { store, service: builder.build(), domains, documents: DocumentSlots::new() }
    }

    /// Tells whether requests to this host are for the store.
    pub fn is_named_by(&self, headers: &HeaderMap) -> bool {
        self.domains.is_for_objects(headers)
    }

    /// Answers a request.
    pub async fn handle<B>(
        &self,
        info: RequestInfo,
        request: Request<B>,
        signature: FoundSignature,
    ) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<StdError>,
    {
        let request_id = info.id.to_string();
        let path_style = self.domains.path_style(request.uri(), request.headers());
        let uri = path_style.unwrap_or_else(|| request.uri().clone());
        let asked = Asked {
            path: uri.path().to_owned(),
            range: text(request.headers(), &header::RANGE).map(str::to_owned),
            request_id: request_id.clone(),
        };
        let (head, body) = request.into_parts();
        let has_body = body.size_hint().exact() != Some(0);
        let body = body.map_err(Into::into).boxed_unsync();
        let call = Arc::new(S3Call::new(info, head, signature, body));
        let answered = self.answer(&call, &uri, has_body).await;
        let written = |refusal: Refusal| {
            let written = refusal.into_error(&request_id).to_http_response();
            written.unwrap_or_else(|_| status(StatusCode::INTERNAL_SERVER_ERROR))
        };
        let mut response = answered.unwrap_or_else(written);
        if let Some(absent) = absence::instead_of(&response, &self.store, &call, &uri).await {
            response = written(absent);
        }
        // `s3s` offers operations no other way to choose a status.
        if let Some(status) = response.extensions_mut().remove::<StatusCode>() {
            *response.status_mut() = status;
        }
        // RFC 9110 §15.4.5: a 304 has no content.
        if response.status() == StatusCode::NOT_MODIFIED {
            *response.body_mut() = Body::empty();
            response.headers_mut().remove(header::CONTENT_TYPE);
        }
        documents::complete(&mut response, &asked);
        if let Some(refusal) = without_event(&call, &response) {
            self.store.trace_unserved(&call, refusal).await;
        }
        guard(response.headers_mut(), &request_id);
        response
    }

    // INVARIANT: on the host of the pages, an object is never a script or a style sheet of a page, whose policy
    // allows those of its own origin. Programs do not send this header.
    fn refuse_active_content(&self, head: &Parts) -> Result<(), Refusal> {
        let destination = text(&head.headers, &SEC_FETCH_DEST).unwrap_or_default();
        let is_active = ACTIVE.iter().any(|active| active.eq_ignore_ascii_case(destination));
        if is_active && !self.domains.is_for_objects(&head.headers) {
            let message = "Objects are not scripts, style sheets or workers of pages on this host. \
                Address the bucket by a host name of its own.";
            return Err(Refusal::code(S3ErrorCode::AccessDenied, message));
        }
        Ok(())
    }

    async fn answer(
        &self,
        call: &Arc<S3Call>,
        uri: &Uri,
        has_body: bool,
    ) -> Result<Response<Body>, Refusal> {
        let head = call.head();
        refuse_forms(head)?;
        self.refuse_active_content(head)?;
        let uri = without_signature(uri)?;
        let method = head.method.clone();
        if call.is_unsigned() {
            // AWS: a stranger is refused whatever the request asks for.
            self.store.run(call, UNKNOWN, Trace::Later, |_| Ok(())).await?;
        }
        check_length_of_chunks(call.headers())?;
        routes::refuse_others(&method, &uri)?;
        let mut headers = call.headers().clone();
        prepare(&mut headers);
        let mut room = None;
        let document = if has_body && takes_document(&method, &uri) {
            // Documents of strangers are not read.
            self.store.run(call, UNKNOWN, Trace::Later, |_| Ok(())).await?;
            room = self.documents.enter(call).await?;
            let document = intake::collect(call, !names_upload(&uri)).await?;
            let document = plain(&uri, document)?;
            call.keep_bucket_tags(document.bucket_tags);
            document.text
        } else {
            Bytes::new()
        };
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(document.len()));
        let mut request = Request::new(Body::from(document));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request.extensions_mut().insert(Arc::clone(call));
        let answered = self.service.call(request).await;
        drop(room);
        // `s3s` writes its errors itself; this one could not be written.
        let broken = |error| Fault::broken_at("writing an answer of S3", format_args!("{error:?}"));
        answered.map_err(|error| broken(error).into())
    }
}

/// The refusal of a request of which no operation left an event, whatever refused it.
fn without_event(call: &S3Call, response: &Response<Body>) -> Option<Refusal> {
    let status = response.status();
    // A server that has no room for a request has none for its event.
    let has_room = status != StatusCode::SERVICE_UNAVAILABLE;
    let is_refused = status.is_client_error() || status.is_server_error();
    if !is_refused || !has_room || call.has_event() {
        return None;
    }
    let (code, message) = documents::read_error(response);
    let known = S3ErrorCode::from_bytes(code.as_bytes());
    Some(Refusal::code(known.unwrap_or_else(|| S3ErrorCode::Custom(code.into())), message))
}

// AWS: browsers without keys upload through POST Object, whose signature is in the form.
fn refuse_forms(head: &Parts) -> Result<(), Refusal> {
    let kind = head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    let is_form = kind.is_some_and(|kind| {
        let form = b"multipart/form-data";
        kind.get(..form.len()).is_some_and(|kind| kind.eq_ignore_ascii_case(form))
    });
    if is_form && head.method == Method::POST {
        return Err(Refusal::not_implemented("Uploads by HTML form are not available."));
    }
    Ok(())
}

fn without_signature(uri: &Uri) -> Result<Uri, Refusal> {
    let is_of_signature = |pair: &str| {
        let name = pair.split('=').next().unwrap_or_default();
        name.starts_with("X-Amz-") || matches!(name, "AWSAccessKeyId" | "Signature" | "Expires")
    };
    let query = uri.query().unwrap_or_default();
    if !query.split('&').any(is_of_signature) {
        return Ok(uri.clone());
    }
    let kept: Vec<&str> = query.split('&').filter(|pair| !is_of_signature(pair)).collect();
    let target = format!("{}?{}", uri.path(), kept.join("&"));
    let invalid = |_| Refusal::code(S3ErrorCode::InvalidURI, "Couldn't parse the specified URI.");
    PathAndQuery::try_from(target).map(Uri::from).map_err(invalid)
}

/// Adds the headers of every response.
// INVARIANT: objects are other people's content on our origin: their scripts do not run, and browsers
// do not guess their types.
fn guard(headers: &mut HeaderMap, request_id: &str) {
    let policy = HeaderValue::from_static("sandbox; default-src 'none'");
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert("x-amz-request-id", request_id);
    }
}

fn status(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_in_the_address_is_not_passed_on() {
        let uri = |text: &'static str| without_signature(&Uri::from_static(text)).unwrap();
        let signed = "/b/k?response-content-type=a&X-Amz-Signature=1&X-Amz-Security-Token=2";
        assert_eq!(uri(signed), "/b/k?response-content-type=a");
        assert_eq!(uri("/b/k?AWSAccessKeyId=1&Signature=2&Expires=3&uploads"), "/b/k?uploads");
        assert_eq!(uri("/b/k%20?"), "/b/k%20?");
        assert_eq!(uri("/b?list-type=2&prefix=X-Amz-"), "/b?list-type=2&prefix=X-Amz-");
    }
}
