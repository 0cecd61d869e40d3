//! The part of the server that answers a request, decided once, from the head.

use http::Method;
use http::header::COOKIE;
use model::bucket::BucketName;
use model::service::SERVICES;
use protocol::rest_json::{Route, find_route};

use crate::core::Core;
use crate::head::{Head, TARGET};
use crate::operations::{self, Operation};
use crate::sandbox;

/// The part of the server that answers a request.
#[derive(Clone, Copy)]
pub enum Destination {
    /// The store of objects, which reads the body itself.
    Objects,
    /// A control route of the sandbox.
    Sandbox,
    Metrics,
    /// Whether the process runs.
    Alive,
    Ready,
    /// awsJson. `None`: the target names no operation.
    AwsJson(Option<Operation>),
    /// REST-JSON.
    Rest(&'static Route, Option<Operation>),
    /// AWS Query.
    Query,
    /// AWS Query if the form in the body has an `Action`, otherwise a page.
    QueryOrPage,
    Page,
}

/// The name of an operation that does not exist, in log and metrics.
pub const UNKNOWN: &str = "Unknown";

impl Destination {
    /// Decides where a request goes.
    #[must_use]
    pub fn find(head: &Head, core: &Core, is_sandbox: bool) -> Self {
        // No client of S3 sends the target header, and a signature takes time to find.
        let has_target = head.parts.headers.contains_key(TARGET);
        if !has_target && !is_file_of_pages(head, core) && is_for_objects(head, core) {
            return Self::Objects;
        }
        match head.path() {
            path if is_sandbox && sandbox::is_control_route(path) => return Self::Sandbox,
            "/metrics" => return Self::Metrics,
            "/healthz" => return Self::Alive,
            "/readyz" => return Self::Ready,
            _ => {}
        }
        if let Some(target) = head.target() {
            return Self::AwsJson(operations::of_target(target));
        }
        if let Some(route) = find_route(head.method(), head.path(), head.query()) {
            return Self::Rest(route, operations::of_route(route));
        }
        let is_query = |name: &str| SERVICES.iter().any(|service| service.is_query_of(name));
        if matches!(head.signature(), Ok(Some(signed)) if is_query(signed.service())) {
            return Self::Query;
        }
        let is_form = || {
            let kind = head.header(http::header::CONTENT_TYPE.as_str());
            kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
        };
        match head.path() {
            "/" if has_action(head.query()) => Self::Query,
            "/" if is_form() => Self::QueryOrPage,
            _ if is_unsigned_for_objects(head) => Self::Objects,
            _ => Self::Page,
        }
    }

    /// The operation, where the head names it.
    #[must_use]
    pub fn operation(self) -> Option<Operation> {
        match self {
            Self::AwsJson(operation) | Self::Rest(_, operation) => operation,
            Self::Objects
            | Self::Sandbox
            | Self::Metrics
            | Self::Alive
            | Self::Ready
            | Self::Query
            | Self::QueryOrPage
            | Self::Page => None,
        }
    }

    /// The name in log and metrics; `None` while only the body tells it.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Objects => Some("S3"),
            Self::Sandbox => Some("Sandbox"),
            Self::Metrics => Some("Metrics"),
            Self::Alive => Some("Alive"),
            Self::Ready => Some("Ready"),
            Self::AwsJson(operation) | Self::Rest(_, operation) => Some(operation_name(operation)),
            Self::Page => Some("Page"),
            Self::Query | Self::QueryOrPage => None,
        }
    }
}

/// The name of an operation in log and metrics.
#[must_use]
pub fn operation_name(operation: Option<Operation>) -> &'static str {
    operation.map_or(UNKNOWN, |operation| operation.name())
}

/// Tells whether a form or query string has an `Action` parameter.
#[must_use]
pub fn has_action(text: &str) -> bool {
    text.split('&').any(|pair| pair.starts_with("Action="))
}

/// Tells whether an unsigned request that is for nothing else names a bucket or an object in its path.
///
/// AWS: S3 refuses strangers in its own words, not with a page. A person who mistypes the address of a page
/// in a browser gets a page, unless the path can only be that of an object.
fn is_unsigned_for_objects(head: &Head) -> bool {
    let path = head.path();
    if web::is_page(path) || web::is_asset(path) || path == "/" {
        return false;
    }
    let (first, rest) = path.trim_start_matches('/').split_once('/').unwrap_or((path, ""));
    let first = first.trim_start_matches('/');
    if first.parse::<BucketName>().is_err() {
        return false;
    }
    let is_of_pages = || web::pages().any(|page| page.split('/').nth(1) == Some(first));
    !is_of_person(head) || !(rest.is_empty() || is_of_pages())
}

/// Tells whether a browser asks for something to show: it says so, or it has been on pages before.
fn is_of_person(head: &Head) -> bool {
    head.header("sec-fetch-dest") == Some("document")
        || head.header(COOKIE.as_str()).is_some_and(|cookies| cookies.contains("portico-"))
}

/// Tells whether a browser reads a file of the pages. Their policy admits the address of the file, so no object
/// may answer there, however the link is signed.
fn is_file_of_pages(head: &Head, core: &Core) -> bool {
    matches!(head.parts.method, Method::GET | Method::HEAD)
        && web::is_file(head.path())
        && !core.objects.is_named_by(&head.parts.headers)
}

/// Tells whether a request is signed for S3, whatever its path, or sent to a bucket's own host.
fn is_for_objects(head: &Head, core: &Core) -> bool {
    match head.signature() {
        Ok(Some(signed)) => signed.service() == "s3",
        Ok(None) => core.objects.is_named_by(&head.parts.headers),
        // S3 answers malformed signatures, unless the request can only be for another service:
        // those are posted to the root.
        Err(_) => head.parts.method != Method::POST || head.path() != "/",
    }
}
