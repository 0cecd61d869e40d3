//! A backup in a bucket of an S3 server.
//!
//! Amazon S3 API Reference: `PutObject`, `CreateMultipartUpload` and its parts, `GetObject`, `ListObjectsV2`,
//! `DeleteObject`. Buckets are in the path, as every S3 server has them.
//!
//! INVARIANT: an object appears when all of its bytes are there, so a file has its name only once it is whole.

mod address;
mod answer;
mod client;
mod connection;
mod download;
mod listing;
mod multipart;
mod place;
mod uploads;

pub(super) use self::address::{Address, SCHEME};
pub(super) use self::place::Bucket;
