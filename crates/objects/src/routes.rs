//! Requests that name no operation of S3, which are refused before `s3s` takes them for another one.
//!
//! Amazon S3 API Reference, "Actions". `s3s` ignores a sub-resource that it does not know for the method, and
//! would remove a bucket for `DELETE /bucket?versioning`.

use http::{Method, Uri};
use protocol::form;
use s3s::S3ErrorCode;

use crate::refusal::Refusal;

/// An operation, or several: the sub-resource that names it, its methods, and the further parameters that it knows.
/// The sub-resource of an operation on the bucket or object itself is empty.
type Row = (&'static str, &'static [Method], &'static [&'static str]);

const OF_BUCKETS: [Row; 29] = [
    ("", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("accelerate", &[Method::GET, Method::PUT], &[]),
    ("acl", &[Method::GET, Method::PUT], &[]),
    ("analytics", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("cors", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("delete", &[Method::POST], &[]),
    ("encryption", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("intelligent-tiering", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("inventory", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("lifecycle", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("list-type", &[Method::GET], &[]),
    ("location", &[Method::GET], &[]),
    ("logging", &[Method::GET, Method::PUT], &[]),
    ("metadataTable", &[Method::GET, Method::POST, Method::DELETE], &[]),
    ("metrics", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("notification", &[Method::GET, Method::PUT], &[]),
    ("object-lock", &[Method::GET, Method::PUT], &[]),
    ("ownershipControls", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("policy", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("policyStatus", &[Method::GET], &[]),
    ("publicAccessBlock", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("replication", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("requestPayment", &[Method::GET, Method::PUT], &[]),
    ("session", &[Method::GET], &[]),
    ("tagging", &[Method::GET, Method::PUT, Method::DELETE], &[]),
    ("uploads", &[Method::GET], &[]),
    ("versioning", &[Method::GET, Method::PUT], &[]),
    ("versions", &[Method::GET], &[]),
    ("website", &[Method::GET, Method::PUT, Method::DELETE], &[]),
];

const OF_OBJECTS: [Row; 13] = [
    ("", &[Method::GET, Method::DELETE], &["versionId"]),
    ("", &[Method::PUT], &[]),
    ("acl", &[Method::GET, Method::PUT], &["versionId"]),
    ("attributes", &[Method::GET], &["versionId"]),
    ("legal-hold", &[Method::GET, Method::PUT], &["versionId"]),
    ("partNumber", &[Method::GET], &["versionId"]),
    ("partNumber", &[Method::PUT], &["uploadId"]),
    ("restore", &[Method::POST], &["versionId"]),
    ("retention", &[Method::GET, Method::PUT], &["versionId"]),
    ("tagging", &[Method::GET, Method::PUT, Method::DELETE], &["versionId"]),
    ("torrent", &[Method::GET], &[]),
    ("uploadId", &[Method::GET, Method::POST, Method::DELETE], &[]),
    ("uploads", &[Method::POST], &[]),
];

/// Sub-resources whose operations `s3s` does not know: all methods are refused. True: of objects.
const ABSENT: [(bool, &str); 7] = [
    (false, "abac"),
    (false, "metadataConfiguration"),
    (false, "metadataInventoryTable"),
    (false, "metadataJournalTable"),
    (true, "encryption"),
    (true, "renameObject"),
    (true, "select"),
];

/// Parameters that choose what a read shows. A write that has one would act on more than it names.
const FILTERS: [&str; 15] = [
    "continuation-token",
    "delimiter",
    "encoding-type",
    "fetch-owner",
    "key-marker",
    "marker",
    "max-keys",
    "max-parts",
    "max-uploads",
    "part-number-marker",
    "prefix",
    "start-after",
    "upload-id-marker",
    "version-id-marker",
    "versionId",
];

/// Refuses a request that names no operation, or has a parameter of S3 that its operation does not know. The
/// bucket is in the path. Parameters that are not S3's own stay.
pub fn refuse_others(method: &Method, uri: &Uri) -> Result<(), Refusal> {
    let (bucket, key) = bucket_and_key(uri);
    let has_key = !key.is_empty();
    let names = names(uri.query().unwrap_or_default())?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if let Some((_, name)) =
        ABSENT.iter().find(|(is_of_object, name)| *is_of_object == has_key && has(name))
    {
        return Err(Refusal::not_implemented(format!("The sub-resource {name} is not available.")));
    }
    let not_allowed = || {
        let message = "The specified method is not allowed against this resource.";
        Err(Refusal::code(S3ErrorCode::MethodNotAllowed, message))
    };
    if bucket.is_empty() {
        return if *method == Method::GET { Ok(()) } else { not_allowed() };
    }
    // AWS: HEAD looks at the object or bucket, whatever else the query names.
    if *method == Method::HEAD {
        return Ok(());
    }
    if *method == Method::PUT && has_key && has("uploadId") != has("partNumber") {
        let message = "A part needs both the parameters partNumber and uploadId.";
        return Err(Refusal::invalid(message));
    }
    let own = asked(&names, own_names().chain(filters_of(method)));
    let table: &[Row] = if has_key { &OF_OBJECTS } else { &OF_BUCKETS };
    let rows = || table.iter().filter(|(_, methods, _)| methods.contains(method));
    let knows = |(of, _, more): &Row, name: &str| name == *of || more.contains(&name);
    let takes_all = |row: &Row| own.iter().all(|name| knows(row, name));
    if rows().any(|row| (row.0.is_empty() || has(row.0)) && takes_all(row)) {
        return Ok(());
    }
    if !own.is_empty() && own.iter().all(|name| rows().any(|row| knows(row, name))) {
        let own = own.join(", ");
        let message = format!("No operation of this method takes exactly the parameters {own}.");
        return Err(Refusal::invalid(message));
    }
    not_allowed()
}

/// The bucket and the key that a path names, as they are written. Without a key it is empty.
pub fn bucket_and_key(uri: &Uri) -> (&str, &str) {
    let path = uri.path().trim_start_matches('/');
    path.split_once('/').unwrap_or((path, ""))
}

/// The names that S3 has for sub-resources and for what they need.
fn own_names() -> impl Iterator<Item = &'static str> {
    let rows = OF_BUCKETS.iter().chain(&OF_OBJECTS).map(|(name, ..)| *name);
    rows.filter(|name| !name.is_empty()).chain(ABSENT.iter().map(|(_, name)| *name))
}

/// The filters that this method does not ignore.
// AWS: a read ignores a filter that its operation does not know.
fn filters_of(method: &Method) -> impl Iterator<Item = &'static str> {
    FILTERS.into_iter().filter(move |_| *method != Method::GET)
}

/// The sub-resources that a request names, known ones only: other parameters of a query may be secret.
pub fn sub_resources(uri: &Uri) -> Vec<&'static str> {
    let names = names(uri.query().unwrap_or_default()).unwrap_or_default();
    asked(&names, own_names())
}

/// Those of `own` that a request names, each once.
fn asked(names: &[String], own: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut asked: Vec<_> = own.filter(|own| names.iter().any(|name| name == own)).collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// The names of the parameters of a query.
fn names(query: &str) -> Result<Vec<String>, Refusal> {
    let pairs = form::parse_pairs(query).map(|pair| pair.map(|(name, _)| name.into_owned()));
    let invalid = |_| {
        let message = "The query must be percent-encoded UTF-8, with at most 2000 parameters.";
        Refusal::code(S3ErrorCode::InvalidURI, message)
    };
    pairs.collect::<Result<_, _>>().map_err(invalid)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(what: &str) -> Option<String> {
        let (method, uri) = what.split_once(' ').unwrap();
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        refuse_others(&method, &uri.parse().unwrap()).err().map(Refusal::code_text)
    }

    #[test]
    fn an_operation_passes() {
        for what in [
            "GET /",
            "GET /?max-buckets=2",
            "PUT /b",
            "PUT /b/",
            "HEAD /b",
            "DELETE /b",
            "POST /b?delete",
            "GET /b?list-type=2",
            "GET /b?versions&prefix=acl",
            "PUT /b/k",
            "PUT /b/k?x-id=PutObject",
            "PUT /b/k?partNumber=1&uploadId=2",
            "GET /b/k?partNumber=1",
            "HEAD /b/k?partNumber=1",
            "POST /b/k?uploads",
            "POST /b/k?uploadId=2",
            "DELETE /b/k?uploadId=2",
            "DELETE /b/k?versionId=null",
            "GET /b/k?acl",
            "GET /b/k?prefix=a",
            "GET /b/k?response-content-type=a&versionId=null",
            "PUT /b/k?tagging&versionId=null",
            "DELETE /b/k?v=1&id=2",
            "DELETE /b?tagging",
            "PUT /b?publicAccessBlock",
        ] {
            assert_eq!(refused(what), None, "{what}");
        }
    }

    #[test]
    fn a_method_without_an_operation_is_not_another_operation() {
        for what in [
            "PUT /",
            "POST /",
            "DELETE /",
            "HEAD /",
            "OPTIONS /b/k",
            "PATCH /b/k",
            "POST /b",
            "POST /b/k",
            "DELETE /b?versioning",
            "DELETE /b?acl",
            "DELETE /b?uploads",
            "PUT /b?versions",
            "PUT /b?policyStatus",
            "PUT /b?list-type=2",
            "DELETE /b?uploadId=1",
            "DELETE /b/k?acl",
            "DELETE /b/k?%61cl",
            "DELETE /b/k?partNumber=1&uploadId=2",
            "PUT /b/k?uploads",
            "PUT /b/k?torrent",
            "DELETE /b/k?retention",
            "PUT /b/k?attributes",
            "GET /b/k?versioning",
            "GET /b?uploadId=1",
        ] {
            assert_eq!(refused(what).as_deref(), Some("MethodNotAllowed"), "{what}");
        }
    }

    #[test]
    fn a_name_of_s3_that_has_no_place_on_the_resource_is_not_ignored() {
        let everywhere = || own_names().chain(FILTERS);
        for (path, method, known) in [
            ("/b", "PUT", &OF_BUCKETS[..]),
            ("/b", "DELETE", &OF_BUCKETS),
            ("/b", "POST", &OF_BUCKETS),
            ("/b/k", "PUT", &OF_OBJECTS),
            ("/b/k", "DELETE", &OF_OBJECTS),
            ("/b/k", "POST", &OF_OBJECTS),
        ] {
            for name in everywhere() {
                let has = |(of, methods, more): &Row| {
                    let is_of = methods.iter().any(|of| of == method);
                    is_of && (*of == name || more.contains(&name))
                };
                if !known.iter().any(has) {
                    let what = format!("{method} {path}?{name}=1");
                    assert!(refused(&what).is_some(), "{what}");
                }
            }
        }
    }

    #[test]
    fn parameters_of_two_operations_are_none() {
        for what in [
            "DELETE /b?cors&policy",
            "GET /b?acl&tagging",
            "PUT /b/k?versionId=1",
            "PUT /b/k?acl&tagging",
            "DELETE /b/k?uploadId=1&versionId=2",
            "POST /b/k?uploads&uploadId=1",
            "GET /b/k?partNumber=1&uploadId=2",
        ] {
            assert_eq!(refused(what).as_deref(), Some("InvalidArgument"), "{what}");
        }
    }

    #[test]
    fn half_a_part_is_no_object() {
        for what in ["PUT /b/k?uploadId=1", "PUT /b/k?partNumber=1"] {
            assert_eq!(refused(what).as_deref(), Some("InvalidArgument"), "{what}");
        }
    }

    #[test]
    fn a_new_sub_resource_is_not_ignored() {
        for what in ["PUT /b?abac", "DELETE /b?metadataConfiguration", "PUT /b/k?renameObject"] {
            assert_eq!(refused(what).as_deref(), Some("NotImplemented"), "{what}");
        }
        assert_eq!(refused("GET /b?prefix=%ff").as_deref(), Some("InvalidURI"));
    }
}
