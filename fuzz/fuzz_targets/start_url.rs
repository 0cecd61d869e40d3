//! A start URL.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::start_url::StartUrl;

fuzz_target!(|text: &str| {
    let Ok(url) = text.parse::<StartUrl>() else { return };
    assert_eq!(url.to_string().parse(), Ok(url));
});
