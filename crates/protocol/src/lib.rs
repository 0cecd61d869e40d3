//! Wire formats, pure: bytes in, values out. No I/O, no clock, no database.

pub mod aws_json;
pub mod fields;
pub mod form;
mod mac;
pub mod paging;
pub mod percent;
pub mod query;
pub mod rest_json;
pub mod rest_xml;
pub mod sigv4;
pub mod start_url;
pub mod timestamp;
pub mod words;
pub mod xml;

pub use fields::{Fields, FromFields, NoFields};
