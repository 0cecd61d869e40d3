//! Bodies in signed chunks: `Content-Encoding: aws-chunked`.
//!
//! Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring
//! Payload in Multiple Chunks", and "Including Trailing Headers".

mod chain;
mod decoder;
mod encoder;
mod headers;
mod trailer;

pub use chain::Chain;
pub use decoder::Decoder;
pub use encoder::Encoder;
pub use headers::{DECODED_LENGTH, TRAILER};
