//! The documents of requests as `s3s` gets them.

use bytes::Bytes;
use http::{Method, Uri};
use protocol::xml_document::flatten;
use s3s::S3ErrorCode;

use crate::refusal::Refusal;

/// Sub-resources of objects whose documents are sent in a PUT.
const DOCUMENTS: [&str; 4] = ["acl", "legal-hold", "retention", "tagging"];

/// Tells whether the body is a document, which is read whole, rather than bytes of an object.
pub fn takes_document(method: &Method, uri: &Uri) -> bool {
    let has_key =
        uri.path().trim_start_matches('/').split_once('/').is_some_and(|(_, key)| !key.is_empty());
    let mut names = uri
        .query()
        .unwrap_or_default()
        .split('&')
        .map(|pair| pair.split('=').next().unwrap_or_default());
    *method == Method::POST
        || (*method == Method::PUT && (!has_key || names.any(|name| DOCUMENTS.contains(&name))))
}

/// Tells whether the request is about an upload in parts.
pub fn names_upload(uri: &Uri) -> bool {
    uri.query().unwrap_or_default().contains("uploadId=")
}

/// The document in the form that `s3s` reads. An empty document and a policy, which is JSON, stay as they are.
pub fn plain(uri: &Uri, document: Bytes) -> Result<Bytes, Refusal> {
    if document.is_empty() || names_policy(uri) {
        return Ok(document);
    }
    let malformed = |must| {
        Refusal::code(S3ErrorCode::MalformedXML, format!("The XML of the request must {must}."))
    };
    let flat = flatten(&document).map_err(malformed)?;
    // AWS: a bucket may be made with tags. `s3s` does not know the element, and would make it without.
    if flat.starts_with("<CreateBucketConfiguration") && flat.contains("<Tags>") {
        let what = "A bucket cannot be made with tags. Make it, then use PutBucketTagging.";
        return Err(Refusal::not_implemented(what));
    }
    Ok(flat.into())
}

/// Tells whether the document is a policy, which is JSON.
fn names_policy(uri: &Uri) -> bool {
    uri.query().unwrap_or_default().split('&').any(|pair| pair == "policy" || pair == "policy=")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_of_objects_are_no_documents() {
        let takes =
            |method: Method, uri: &'static str| takes_document(&method, &Uri::from_static(uri));
        assert!(!takes(Method::PUT, "/b/k"));
        assert!(!takes(Method::PUT, "/b/k?partNumber=1&uploadId=2"));
        assert!(!takes(Method::GET, "/b?delete"));
        assert!(takes(Method::PUT, "/b"));
        assert!(takes(Method::PUT, "/b/"));
        assert!(takes(Method::PUT, "/b/k?tagging"));
        assert!(takes(Method::POST, "/b?delete"));
        assert!(takes(Method::POST, "/b/k?uploadId=2"));
    }
}
