//! Large files: uploads in parts, and the end of those that were cut off.

use http::Method;
use protocol::{percent, xml};

use super::answer::{Document, Refusal};
use super::client::{Call, Client};

/// Number of bytes of a part, unless the file has too many of them.
const PART_BYTES: u64 = 8 * 1024 * 1024;

// AWS: "Multipart upload limits".
const PARTS_MAX: u64 = 10_000;

/// A part that the server has.
pub(super) struct Part {
    pub(super) number: u32,
    pub(super) etag: String,
    /// SHA-256 in Base64.
    pub(super) sha256: String,
}

/// Number of bytes of each part of a file but the last.
pub(super) fn part_bytes(size: u64) -> u64 {
    PART_BYTES.max(size.div_ceil(PARTS_MAX))
}

/// Begins an upload. Returns its id.
pub(super) async fn create(client: &Client, key: &str) -> Result<String, String> {
    let mut call = Call::new(Method::POST, key, "uploads=");
    call.headers.insert("x-amz-checksum-algorithm", http::HeaderValue::from_static("SHA256"));
    let answer = client.send(&call).await?;
    let (_, body) = answer.map_err(|refusal| client.sentence(&refusal))?;
    Document::read(&body)?.text("UploadId").ok_or_else(|| "an upload has no id".to_owned())
}

/// The query of a part.
pub(super) fn part_query(number: u32, upload_id: &str) -> String {
    format!("partNumber={number}&uploadId={}", percent::encode(upload_id))
}

/// Makes the object of the parts, which are in their order.
pub(super) async fn complete(
    client: &Client,
    key: &str,
    upload_id: &str,
    parts: &[Part],
) -> Result<(), String> {
    let mut text = "<CompleteMultipartUpload>".to_owned();
    for Part { number, etag, sha256 } in parts {
        xml::open_into(&mut text, "Part");
        for (name, value) in
            [("PartNumber", &number.to_string()), ("ETag", etag), ("ChecksumSHA256", sha256)]
        {
            xml::element_into(&mut text, name, value);
        }
        xml::close_into(&mut text, "Part");
    }
    text.push_str("</CompleteMultipartUpload>");
    let query = format!("uploadId={}", percent::encode(upload_id));
    let mut call = Call::new(Method::POST, key, &query);
    call.body = text.into();
    let (_, body) = client.send(&call).await?.map_err(|refusal| client.sentence(&refusal))?;
    // AWS: an answer that has begun with 200 may end with an error.
    let refusal = Refusal::read(200, &body);
    if refusal.code.is_empty() { Ok(()) } else { Err(client.sentence(&refusal)) }
}

/// Ends the uploads below the prefix that an earlier command left, whose parts take room.
pub(super) async fn abort_all(client: &Client) -> Result<(), String> {
    let query = format!("prefix={}&uploads=", percent::encode(&client.address.prefix));
    let answer = client.send(&Call::new(Method::GET, "", &query)).await?;
    let body = match answer {
        Ok((_, body)) => body,
        // A server without such a list ends them by rules of its own.
        Err(refusal) if matches!(refusal.status, 405 | 501) => return Ok(()),
        Err(refusal) => return Err(client.sentence(&refusal)),
    };
    for upload in Document::read(&body)?.elements("Upload") {
        let (Some(key), Some(id)) = (upload.text_of("Key"), upload.text_of("UploadId")) else {
            continue;
        };
        abort(client, &key, &id).await?;
    }
    Ok(())
}

async fn abort(client: &Client, key: &str, upload_id: &str) -> Result<(), String> {
    let query = format!("uploadId={}", percent::encode(upload_id));
    match client.send(&Call::new(Method::DELETE, key, &query)).await? {
        Err(refusal) if refusal.status != 404 => Err(client.sentence(&refusal)),
        Ok(_) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_file_has_as_many_parts_as_are_allowed() {
        assert_eq!(part_bytes(1), PART_BYTES);
        for size in [PART_BYTES * PARTS_MAX, PART_BYTES * PARTS_MAX + 1, u64::pow(2, 42)] {
            assert!(size.div_ceil(part_bytes(size)) <= PARTS_MAX, "{size}");
        }
    }
}
