//! Bodies in signed chunks: `Content-Encoding: aws-chunked`.
//!
//! Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring
//! Payload in Multiple Chunks", and "Including Trailing Headers".

mod chain;
mod decoder;
mod encoder;

pub use chain::Chain;
pub use decoder::Decoder;
pub use encoder::Encoder;

/// The header that says how long the content is without the chunks' own lines.
pub const DECODED_LENGTH: &str = "x-amz-decoded-content-length";

/// The header that announces the trailing headers.
pub const TRAILER: &str = "x-amz-trailer";

const TRAILER_SIGNATURE: &str = "x-amz-trailer-signature";
