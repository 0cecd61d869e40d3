//! What commands and servers print for their operator.

use std::fmt::Arguments;
use std::io::Write;

/// Prints a line. This crate's `println!` hides that of the standard library, which panics when the reader has gone, as
/// `portico serve | head` does.
macro_rules! println {
    ($($words:tt)*) => { $crate::output::line(format_args!($($words)*)) };
}

/// Prints a line, if somebody reads it.
pub fn line(words: Arguments<'_>) {
    writeln!(std::io::stdout().lock(), "{words}").ok();
}
