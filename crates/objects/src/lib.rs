//! The local account store: S3 over real files.
//!
//! `s3s` reads requests into typed inputs and writes typed outputs; who asks, what they may do, and
//! where the bytes go is decided here. See `docs/decisions/0010-s3-on-s3s.md`.

mod blobs;
mod checksum;
mod conditions;
mod disk;
mod download;
mod host;
mod listing;
mod range;
mod refusal;
#[cfg(test)]
mod testing;
mod wire;
