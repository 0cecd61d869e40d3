//! The store as clients see it: real requests with real signatures.

mod access;
mod addresses;
mod buckets;
mod chunks;
mod copies;
mod errors;
mod folder;
mod keys;
mod listings;
mod multipart;
mod objects;
mod part_checksums;
mod uploads;
