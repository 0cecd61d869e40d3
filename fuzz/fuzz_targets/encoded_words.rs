//! A header value with encoded words.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::encoded_words::decode;

fuzz_target!(|value: &[u8]| {
    let decoded = decode(value);
    // Only words that begin with these two characters are encoded.
    if let Ok(text) = std::str::from_utf8(value)
        && !text.contains("=?")
    {
        assert_eq!(decoded, text);
    }
});
