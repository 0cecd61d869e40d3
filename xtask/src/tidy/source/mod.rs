//! Rust source as the rules read it: tokens, comments, and which of it only tests compile.

mod lexer;
mod product;
mod test_files;

pub use lexer::{Token, comments, tokens};
pub use product::{attribute, is_of_tests, product_tokens};
pub use test_files::{TestFiles, is_test_path};
