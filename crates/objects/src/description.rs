//! The description of an object by its client: headers, metadata and tags.
//!
//! S3 User Guide, "Working with object metadata" and "Categorizing your objects using tags".

use std::collections::BTreeMap;

use http::{HeaderMap, HeaderName};
use protocol::encoded_words::decode;
use protocol::form;
use s3s::S3ErrorCode;
use s3s::dto::Tag;

use crate::refusal::Refusal;

/// The content type of an object whose client names none.
pub const DEFAULT_CONTENT_TYPE: &str = "binary/octet-stream";

/// The beginning of the names of headers with the user's metadata.
pub const METADATA_PREFIX: &str = "x-amz-meta-";

const METADATA_BYTES_MAX: usize = 2048;
/// AWS: maximum number of tags of an object, and of a bucket.
const OBJECT_TAGS_MAX: usize = 10;
const BUCKET_TAGS_MAX: usize = 50;
const TAG_KEY_CHARS_MAX: usize = 128;
const TAG_VALUE_CHARS_MAX: usize = 256;

/// Takes a `Description` from a call and its input of `s3s`. Three inputs have these fields without a common trait.
macro_rules! take_description {
    ($call:ident, $input:ident) => {
        model::object::Description {
            cache_control: $input.cache_control.take(),
            content_disposition: $input.content_disposition.take(),
            content_encoding: $crate::description::stored_encoding($input.content_encoding.take()),
            content_language: $input.content_language.take(),
            content_type: $input.content_type.take(),
            expires_at_ms: $input.expires.take().map(|expires| $crate::wire::to_ms(&expires)),
            metadata: $crate::description::metadata($call.headers())?,
            tags: $crate::description::tags_of_header($input.tagging.take())?,
        }
    };
}
pub(crate) use take_description;

/// The encoding of the object, without that of the upload.
// AWS: `aws-chunked` describes the transfer of the body, and is not stored.
pub fn stored_encoding(said: Option<String>) -> Option<String> {
    let said = said?;
    let is_transfer = |coding: &&str| coding.trim() == "aws-chunked";
    let kept: Vec<&str> = said.split(',').filter(|coding| !is_transfer(coding)).collect();
    // All else stays as the client wrote it.
    Some(kept.join(",").trim().to_owned()).filter(|kept| !kept.is_empty())
}

/// The user's metadata, by lower-case name.
// AWS: several lines of a header are one value, and encoded words are decoded before they are stored.
pub fn metadata(headers: &HeaderMap) -> Result<BTreeMap<String, String>, Refusal> {
    let lines = |name: &HeaderName| {
        let lines = headers.get_all(name).iter().map(|line| decode(line.as_bytes()));
        lines.collect::<Vec<String>>().join(",")
    };
    let named = headers.keys().filter_map(|name| {
        let short = name.as_str().strip_prefix(METADATA_PREFIX)?;
        (!short.is_empty()).then(|| (short.to_owned(), lines(name)))
    });
    let metadata: BTreeMap<String, String> = named.collect();
    let bytes: usize = metadata.iter().map(|(name, value)| name.len() + value.len()).sum();
    if bytes > METADATA_BYTES_MAX {
        let message = "Your metadata headers exceed the maximum allowed metadata size, 2 KB.";
        return Err(Refusal::code(S3ErrorCode::MetadataTooLarge, message));
    }
    Ok(metadata)
}

/// The tags of `X-Amz-Tagging`, which is written like a query string.
pub fn tags_of_header(said: Option<String>) -> Result<BTreeMap<String, String>, Refusal> {
    let said = said.unwrap_or_default();
    let pairs = form::parse_pairs(&said).collect::<Result<Vec<_>, _>>();
    let pairs = pairs.map_err(|_| Refusal::invalid("x-amz-tagging must be URL-encoded pairs."))?;
    let pairs = pairs.into_iter().map(|(key, value)| (key.into_owned(), value.into_owned()));
    tags(pairs, OBJECT_TAGS_MAX)
}

/// The tags of an object in a document.
pub fn tags_of_object(said: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    tags(pairs_of(said), OBJECT_TAGS_MAX)
}

/// The tags of a bucket in a document.
pub fn tags_of_bucket(said: Vec<Tag>) -> Result<BTreeMap<String, String>, Refusal> {
    tags(pairs_of(said), BUCKET_TAGS_MAX)
}

fn pairs_of(said: Vec<Tag>) -> impl Iterator<Item = (String, String)> {
    said.into_iter().map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
}

fn tags(
    pairs: impl Iterator<Item = (String, String)>,
    tags_max: usize,
) -> Result<BTreeMap<String, String>, Refusal> {
    let mut tags = BTreeMap::new();
    for (key, value) in pairs {
        let fits = |text: &str, chars_max| text.chars().count() <= chars_max;
        if key.is_empty()
            || key.starts_with("aws:")
            || !fits(&key, TAG_KEY_CHARS_MAX)
            || !fits(&value, TAG_VALUE_CHARS_MAX)
            || !key.chars().chain(value.chars()).all(may_tag)
        {
            return Err(invalid_tag(
                "A tag must have a key of 1 to 128 and a value of at most 256 letters, numbers, \
                 spaces and + - = . _ : / @, and a key that does not begin with aws:.",
            ));
        }
        if tags.insert(key, value).is_some() {
            return Err(invalid_tag("There must not be several tags with the same key."));
        }
    }
    if tags.len() > tags_max {
        let message = format!("There must not be more than {tags_max} tags.");
        return Err(Refusal::code(S3ErrorCode::Custom("BadRequest".into()), message));
    }
    Ok(tags)
}

// AWS: the characters of tags, which are the same in every service.
fn may_tag(character: char) -> bool {
    character.is_alphanumeric() || character == ' ' || "+-=._:/@".contains(character)
}

fn invalid_tag(message: &'static str) -> Refusal {
    Refusal::code(S3ErrorCode::InvalidTag, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::headers;

    #[test]
    fn the_encoding_of_the_upload_is_not_that_of_the_object() {
        let stored = |said: &str| stored_encoding(Some(said.to_owned()));
        assert_eq!(stored("aws-chunked"), None);
        assert_eq!(stored("gzip,aws-chunked").as_deref(), Some("gzip"));
        assert_eq!(stored("aws-chunked, gzip, br").as_deref(), Some("gzip, br"));
        assert_eq!(stored("deflate, gzip").as_deref(), Some("deflate, gzip"));
        assert_eq!(stored("deflate, aws-chunked ,gzip").as_deref(), Some("deflate,gzip"));
        assert_eq!(stored_encoding(None), None);
    }

    #[test]
    fn metadata_is_bounded_as_a_whole() {
        let of = |length| metadata(&headers(&[("x-amz-meta-name", &"x".repeat(length))]));
        assert!(of(2044).is_ok());
        assert_eq!(of(2045).unwrap_err().code_text(), "MetadataTooLarge");
    }

    #[test]
    fn tags_are_read_from_a_header_and_bounded() {
        let tags = |said: &str| tags_of_header(Some(said.to_owned()));
        let read = tags("team=a%20b&env=").unwrap();
        assert_eq!(
            read,
            BTreeMap::from([("team", "a b"), ("env", "")].map(|(k, v)| (k.into(), v.into())))
        );
        let code = |said: &str| tags(said).unwrap_err().code_text();
        assert_eq!(code("a=1&a=2"), "InvalidTag");
        assert_eq!(code("aws:a=1"), "InvalidTag");
        assert_eq!(code("=1"), "InvalidTag");
        assert_eq!(code("a=%3Cb%3E"), "InvalidTag");
        assert_eq!(code(&format!("{}=1", "k".repeat(129))), "InvalidTag");
        assert_eq!(code("a=%zz"), "InvalidArgument");
        let eleven: Vec<String> = (0..11).map(|n| format!("k{n}=v")).collect();
        assert_eq!(code(&eleven.join("&")), "BadRequest");
    }
}
