//! An XML document of a request.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::xml_document::flatten;

fuzz_target!(|document: &[u8]| {
    let Ok(flat) = flatten(document) else { return };
    assert_eq!(flatten(flat.as_bytes()), Ok(flat));
});
