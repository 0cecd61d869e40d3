//! The range of an object's bytes that a request asks for.
//!
//! RFC 9110 §14.1.2 (byte ranges) and §14.4 (`Content-Range`).

use std::ops::Range;

use s3s::dto;

/// The bytes of an object of `size` that a range selects, if it selects any.
#[must_use]
pub fn resolve(range: &dto::Range, size: u64) -> Option<Range<u64>> {
    let bytes = match *range {
        dto::Range::Int { first, last } => {
            let end = last.map_or(size, |last| size.min(last.saturating_add(1)));
            first..end
        }
        dto::Range::Suffix { length } => size.saturating_sub(length)..size,
    };
    (bytes.start < bytes.end).then_some(bytes)
}

/// A range with its numbers cut at the largest that `s3s` reads.
// RFC 9110 §14.1.1: a position may have any number of digits. No object is as long as the bound.
#[must_use]
pub fn with_bounded_numbers(range: &str) -> String {
    let Some(numbers) = range.strip_prefix("bytes=") else { return range.to_owned() };
    let bounded = |number: &str| {
        let is_number = !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit());
        if is_number && number.parse::<i64>().is_err() {
            i64::MAX.to_string()
        } else {
            number.to_owned()
        }
    };
    let numbers: Vec<String> = numbers.split('-').map(bounded).collect();
    format!("bytes={}", numbers.join("-"))
}

/// The `Content-Range` of a part of an object.
#[must_use]
pub fn content_range(bytes: &Range<u64>, size: u64) -> String {
    format!("bytes {}-{}/{size}", bytes.start, bytes.end.saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, size: u64) -> Option<Range<u64>> {
        resolve(&dto::Range::parse(&with_bounded_numbers(text)).unwrap(), size)
    }

    #[test]
    fn a_range_is_cut_at_the_end_of_the_object() {
        assert_eq!(resolved("bytes=0-4", 10), Some(0..5));
        assert_eq!(resolved("bytes=5-", 10), Some(5..10));
        assert_eq!(resolved("bytes=5-99", 10), Some(5..10));
        assert_eq!(resolved("bytes=-3", 10), Some(7..10));
        assert_eq!(resolved("bytes=-99", 10), Some(0..10));
        assert_eq!(resolved("bytes=0-9223372036854775807", 10), Some(0..10));
    }

    #[test]
    fn a_range_without_bytes_is_none() {
        assert_eq!(resolved("bytes=10-", 10), None);
        assert_eq!(resolved("bytes=-0", 10), None);
        assert_eq!(resolved("bytes=0-", 0), None);
        assert_eq!(resolved("bytes=-5", 0), None);
    }

    #[test]
    fn a_number_may_have_any_number_of_digits() {
        let digits = "9".repeat(40);
        assert_eq!(resolved(&format!("bytes=0-{digits}"), 10), Some(0..10));
        assert_eq!(resolved(&format!("bytes=-{digits}"), 10), Some(0..10));
        assert_eq!(resolved("bytes=-18446744073709551615", 10), Some(0..10));
        assert_eq!(resolved(&format!("bytes={digits}-"), 10), None);
        assert_eq!(resolved(&format!("bytes={digits}-{digits}"), 10), None);
        assert_eq!(resolved("bytes=9223372036854775808-", 10), None);
        assert_eq!(resolved("bytes=0000000000000000000000002-3", 10), Some(2..4));
    }

    #[test]
    fn content_range_names_the_last_byte_and_the_size() {
        assert_eq!(content_range(&(5..10), 20), "bytes 5-9/20");
    }
}
