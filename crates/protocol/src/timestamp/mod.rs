//! Times in the formats of the protocols. Inside Portico a time is milliseconds since 1970.
//!
//! Smithy, "Timestamp formats": `epoch-seconds` (awsJson), `date-time` (RFC 3339; Query, S3's XML),
//! `http-date` (RFC 9110 §5.6.7); and the basic ISO 8601 form of `X-Amz-Date`.

mod read;
mod write;

pub use read::{parse_amz_date, parse_http_date, parse_rfc_3339};
pub use write::{amz_date, epoch_seconds, http_date, rfc_3339};

#[cfg(test)]
mod tests;
