//! The headers of a request as `s3s` gets them.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::conditions;
use crate::description::METADATA_PREFIX;
use crate::range;

const COPY_SOURCE: HeaderName = HeaderName::from_static("x-amz-copy-source");

/// Removes the headers that are not for `s3s`, and rewrites those that it does not read as S3 does.
pub fn prepare(headers: &mut HeaderMap) {
    headers.remove(header::AUTHORIZATION);
    headers.remove("x-amz-security-token");
    conditions::remove_from(headers);
    // AWS: the source of a copy is decoded like a form, in which `+` is a space. s5cmd writes it so.
    let source = text(headers, &COPY_SOURCE).filter(|source| source.contains('+'));
    let source = source.and_then(|source| HeaderValue::try_from(source.replace('+', "%20")).ok());
    if let Some(source) = source {
        headers.insert(COPY_SOURCE, source);
    }
    remove_metadata(headers);
    // AWS: an object may be stored with any Expires. One that is no date has already expired (RFC 9111 §5.3),
    // and is not kept.
    if let Some(date) = headers.remove(header::EXPIRES) {
        let date = date.to_str().ok().and_then(|date| httpdate::parse_http_date(date).ok());
        let date = date.and_then(|date| HeaderValue::try_from(httpdate::fmt_http_date(date)).ok());
        headers.extend(date.map(|date| (header::EXPIRES, date)));
    }
    // RFC 9110 §14.2: a range that is not understood is ignored.
    if let Some(range) = headers.remove(header::RANGE) {
        let range = range.to_str().ok().map(range::with_bounded_numbers);
        let range = range.filter(|range| s3s::dto::Range::parse(range).is_ok());
        let range = range.and_then(|range| HeaderValue::try_from(range).ok());
        headers.extend(range.map(|range| (header::RANGE, range)));
    }
}

/// Removes the user's metadata, which `description::metadata` reads.
// `s3s` panics at the value `=?=`, and refuses others that AWS takes.
fn remove_metadata(headers: &mut HeaderMap) {
    let names = headers.keys().filter(|name| name.as_str().starts_with(METADATA_PREFIX));
    for name in names.cloned().collect::<Vec<HeaderName>>() {
        headers.remove(name);
    }
}

/// A header of plain text.
#[must_use]
pub fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::headers;

    fn prepared(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut headers = headers(pairs);
        prepare(&mut headers);
        headers
    }

    #[test]
    fn secrets_conditions_and_metadata_are_not_passed_on() {
        let names = [
            "authorization",
            "x-amz-security-token",
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "x-amz-copy-source-if-match",
            "x-amz-meta-a",
        ];
        assert!(prepared(&names.map(|name| (name, "x"))).is_empty());
    }

    #[test]
    fn a_date_in_an_obsolete_form_is_rewritten() {
        let date = "Tue, 14 Nov 2023 22:13:20 GMT";
        for written in [date, "Tuesday, 14-Nov-23 22:13:20 GMT", "Tue Nov 14 22:13:20 2023"] {
            assert_eq!(prepared(&[("expires", written)])["expires"], date, "{written}");
        }
        assert!(prepared(&[("expires", "-1")]).is_empty());
    }

    #[test]
    fn a_range_that_is_not_understood_is_left_out() {
        assert!(prepared(&[("range", "bytes=0-1,4-5")]).is_empty());
        assert!(prepared(&[("range", "lines=1-2")]).is_empty());
        assert!(prepared(&[("range", "bytes=99999999999999999999-1")]).is_empty());
        assert_eq!(prepared(&[("range", "bytes=0-1")])["range"], "bytes=0-1");
        let beyond = prepared(&[("range", "bytes=0-99999999999999999999")]);
        assert_eq!(beyond["range"], "bytes=0-9223372036854775807");
    }
}
