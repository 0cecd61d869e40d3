//! A paging token that was made without the key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::paging;

fuzz_target!(|token: &str| {
    assert_eq!(paging::decode(&[7; 32], "ListUsers", token), None);
    let ours = paging::encode(&[7; 32], "ListUsers", &[token, ""]);
    let position = paging::decode(&[7; 32], "ListUsers", &ours);
    assert_eq!(position, Some(vec![token.to_owned(), String::new()]));
});
