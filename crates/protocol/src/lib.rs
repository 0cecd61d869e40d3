//! Wire formats, pure: bytes in, values out. No I/O, no clock, no database.

pub mod aws_json;
pub mod fields;
pub mod sigv4;
pub mod words;

pub use fields::{Fields, FromFields, NoFields};
