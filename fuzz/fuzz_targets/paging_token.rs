//! A token for the next page, from someone who does not have the key.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::paging;

fuzz_target!(|token: &str| {
    assert!(paging::decode(&[7; 32], "ListUsers", token).is_err());
    let ours = paging::encode(&[7; 32], "ListUsers", &[token, ""]);
    let position = paging::decode(&[7; 32], "ListUsers", &ours);
    assert_eq!(position, Ok(vec![token.to_owned(), String::new()]));
});
