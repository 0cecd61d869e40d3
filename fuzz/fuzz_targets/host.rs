//! The value of a `Host` header.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::host::Host;

fuzz_target!(|text: &str| {
    let Some(host) = Host::parse(text) else { return };
    assert_eq!(Host::parse(&host.to_string()), Some(host));
});
