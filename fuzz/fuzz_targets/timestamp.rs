//! Dates in headers and requests.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::timestamp::{
    amz_date, http_date, parse_amz_date, parse_http_date, parse_rfc_3339, rfc_3339,
};

fuzz_target!(|text: &str| {
    if let Some(ms) = parse_amz_date(text) {
        assert_eq!(amz_date(ms), text);
    }
    if let Some(ms) = parse_http_date(text) {
        // The weekday is redundant and not compared.
        assert_eq!(http_date(ms).get(5..), text.get(5..));
    }
    if let Some(ms) = parse_rfc_3339(text) {
        assert!(parse_rfc_3339(&rfc_3339(ms)) == Some(ms) || !text.ends_with(['Z', 'z']));
    }
});
