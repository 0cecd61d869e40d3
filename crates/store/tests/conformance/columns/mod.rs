//! A row of every table whose columns all differ: written, and read back column by column.
//!
//! A value that an INSERT, an UPDATE or a reader puts into another column of the same type fails
//! here, because no two columns of a row hold the same value.

mod access;
mod center;
mod objects;
mod people;
mod sign_in;

use std::str::FromStr;

/// Parses a value of a test.
fn value<T: FromStr<Err = &'static str>>(text: &str) -> T {
    text.parse().unwrap()
}
