//! The documents of requests as `s3s` gets them.

use bytes::Bytes;
use http::{Method, Uri};
use protocol::xml_document::flatten;
use s3s::S3ErrorCode;
use s3s::dto::{Tag, Tagging};
use s3s::xml::{Deserialize, Deserializer};

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

/// A document in the form that `s3s` reads.
#[derive(Debug)]
pub struct Plain {
    pub text: Bytes,
    /// Tags of a bucket to be made. `s3s` does not know their element, and would make the bucket without.
    pub bucket_tags: Vec<Tag>,
}

/// Rewrites a document for `s3s`. An empty document and a policy, which is JSON, stay as they are.
pub fn plain(uri: &Uri, document: Bytes) -> Result<Plain, Refusal> {
    if document.is_empty() || names_policy(uri) {
        return Ok(Plain { text: document, bucket_tags: Vec::new() });
    }
    let flat = flatten(&document).map_err(malformed)?;
    let bucket_tags = if flat.starts_with("<CreateBucketConfiguration") {
        bucket_tags(&flat)?
    } else {
        Vec::new()
    };
    Ok(Plain { text: flat.into(), bucket_tags })
}

// AWS: a bucket may be made with tags, `CreateBucketConfiguration/Tags/Tag`.
fn bucket_tags(flat: &str) -> Result<Vec<Tag>, Refusal> {
    let Some((_, behind)) = flat.split_once("<Tags") else { return Ok(Vec::new()) };
    let must = "have one list of tags, with a Key and a Value in each Tag";
    // Text has no `<` of its own in a flat document, so these are tags of elements.
    let list = behind.split_once('>').and_then(|(_, list)| list.split_once("</Tags>"));
    let (list, _) =
        list.filter(|(_, rest)| !rest.contains("<Tags")).ok_or_else(|| malformed(must))?;
    let document = format!("<Tagging><TagSet>{list}</TagSet></Tagging>");
    let tagging = Tagging::deserialize(&mut Deserializer::new(document.as_bytes()));
    tagging.map(|tagging| tagging.tag_set).map_err(|_| malformed(must))
}

fn malformed(must: &str) -> Refusal {
    Refusal::code(S3ErrorCode::MalformedXML, format!("The XML of the request must {must}."))
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
