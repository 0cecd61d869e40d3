//! The body of an awsJson request.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::Fields;

fuzz_target!(|body: &[u8]| {
    let Ok(fields) = Fields::from_json(body) else { return };
    for name in fields.names() {
        let read = [
            fields.text(name).is_ok(),
            fields.integer(name, 0..=9).is_ok(),
            fields.boolean(name).is_ok(),
            fields.object(name).is_ok(),
            fields.objects(name, 0..=9).is_ok(),
        ];
        // A value has one type. Null counts as absent, so every reader accepts it.
        assert!(read.iter().filter(|read| **read).count() <= 3 || !fields.has(name));
    }
});
