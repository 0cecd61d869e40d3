//! Wire formats as pure functions from bytes to values and back. No I/O, no clock, no database.

pub mod aws_json;
pub mod encoded_words;
pub mod fields;
pub mod form;
pub mod host;
pub mod mac;
pub mod paging;
pub mod percent;
pub mod query;
mod resource_type;
pub mod rest_json;
pub mod rest_xml;
mod sentence;
pub mod sigv4;
pub mod start_url;
pub mod timestamp;
pub mod totp;
pub mod xml;
pub mod xml_document;

pub use fields::{Fields, FromFields, NoFields};
pub use sentence::sentence;
