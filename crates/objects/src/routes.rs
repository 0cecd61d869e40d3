//! Requests that name no operation of S3, which are refused before `s3s` takes them for another one.
//!
//! Amazon S3 API Reference, "Actions". `s3s` ignores a sub-resource that it does not know for the method, and
//! would remove a bucket for `DELETE /bucket?versioning`.

use http::{Method, Uri};
use protocol::form;
use s3s::S3ErrorCode;

use crate::refusal::Refusal;

/// Sub-resources of buckets, with the methods that have an operation.
const OF_BUCKETS: [(&str, &[Method]); 29] = [
    ("accelerate", &[Method::GET, Method::PUT]),
    ("acl", &[Method::GET, Method::PUT]),
    ("analytics", &[Method::GET, Method::PUT, Method::DELETE]),
    ("cors", &[Method::GET, Method::PUT, Method::DELETE]),
    ("delete", &[Method::POST]),
    ("encryption", &[Method::GET, Method::PUT, Method::DELETE]),
    ("intelligent-tiering", &[Method::GET, Method::PUT, Method::DELETE]),
    ("inventory", &[Method::GET, Method::PUT, Method::DELETE]),
    ("lifecycle", &[Method::GET, Method::PUT, Method::DELETE]),
    ("location", &[Method::GET]),
    ("logging", &[Method::GET, Method::PUT]),
    ("metadataTable", &[Method::GET, Method::POST, Method::DELETE]),
    ("metrics", &[Method::GET, Method::PUT, Method::DELETE]),
    ("notification", &[Method::GET, Method::PUT]),
    ("object-lock", &[Method::GET, Method::PUT]),
    ("ownershipControls", &[Method::GET, Method::PUT, Method::DELETE]),
    ("policy", &[Method::GET, Method::PUT, Method::DELETE]),
    ("policyStatus", &[Method::GET]),
    ("publicAccessBlock", &[Method::GET, Method::PUT, Method::DELETE]),
    ("replication", &[Method::GET, Method::PUT, Method::DELETE]),
    ("requestPayment", &[Method::GET, Method::PUT]),
    ("session", &[Method::GET]),
    ("tagging", &[Method::GET, Method::PUT, Method::DELETE]),
    ("uploads", &[Method::GET]),
    ("versioning", &[Method::GET, Method::PUT]),
    ("versions", &[Method::GET]),
    ("website", &[Method::GET, Method::PUT, Method::DELETE]),
    ("list-type", &[Method::GET]),
    ("uploadId", &[Method::GET]),
];

/// Sub-resources of objects, with the methods that have an operation.
const OF_OBJECTS: [(&str, &[Method]); 10] = [
    ("acl", &[Method::GET, Method::PUT]),
    ("attributes", &[Method::GET]),
    ("legal-hold", &[Method::GET, Method::PUT]),
    ("partNumber", &[Method::GET, Method::PUT]),
    ("restore", &[Method::POST]),
    ("retention", &[Method::GET, Method::PUT]),
    ("tagging", &[Method::GET, Method::PUT, Method::DELETE]),
    ("torrent", &[Method::GET]),
    ("uploadId", &[Method::GET, Method::PUT, Method::POST, Method::DELETE]),
    ("uploads", &[Method::POST]),
];

/// Sub-resources whose operations `s3s` does not know: all methods are refused.
const ABSENT: [(bool, &str); 7] = [
    (false, "abac"),
    (false, "metadataConfiguration"),
    (false, "metadataInventoryTable"),
    (false, "metadataJournalTable"),
    (true, "encryption"),
    (true, "renameObject"),
    (true, "select"),
];

/// Refuses a request that names no operation. The bucket is in the path.
pub fn refuse_others(method: &Method, uri: &Uri) -> Result<(), Refusal> {
    let known = [Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE];
    let path = uri.path().trim_start_matches('/');
    let has_key = path.split_once('/').is_some_and(|(_, key)| !key.is_empty());
    let names = names(uri.query().unwrap_or_default())?;
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    if let Some((_, name)) =
        ABSENT.iter().find(|(is_of_object, name)| *is_of_object == has_key && has(name))
    {
        return Err(Refusal::not_implemented(format!("The sub-resource {name} is not available.")));
    }
    let is_allowed = if path.is_empty() {
        *method == Method::GET
    } else {
        let table: &[_] = if has_key { &OF_OBJECTS } else { &OF_BUCKETS };
        let asked = table.iter().filter(|(name, _)| has(name));
        let mut methods_of = asked.map(|(_, methods)| methods).peekable();
        // A POST is about a sub-resource in each case.
        let is_post_without = *method == Method::POST && methods_of.peek().is_none();
        // AWS: HEAD looks at the object or bucket, whatever else the query names.
        !is_post_without
            && (*method == Method::HEAD || methods_of.all(|methods| methods.contains(method)))
    };
    if !known.contains(method) || !is_allowed {
        let message = "The specified method is not allowed against this resource.";
        return Err(Refusal::code(S3ErrorCode::MethodNotAllowed, message));
    }
    if *method == Method::PUT && has_key && has("uploadId") != has("partNumber") {
        let message = "A part needs both the parameters partNumber and uploadId.";
        return Err(Refusal::invalid(message));
    }
    Ok(())
}

/// The sub-resources that a request names, known ones only: other parameters of a query may be secret.
pub fn sub_resources(uri: &Uri) -> Vec<&'static str> {
    let asked = names(uri.query().unwrap_or_default()).unwrap_or_default();
    let known = OF_BUCKETS.iter().chain(&OF_OBJECTS).map(|(name, _)| *name);
    let known = known.chain(ABSENT.iter().map(|(_, name)| *name));
    let mut found: Vec<_> = known.filter(|known| asked.iter().any(|name| name == known)).collect();
    found.sort_unstable();
    found.dedup();
    found
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
            "GET /b/k?versioning",
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
        ] {
            assert_eq!(refused(what).as_deref(), Some("MethodNotAllowed"), "{what}");
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
