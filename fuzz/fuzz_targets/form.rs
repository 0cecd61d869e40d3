//! A form, or a query string.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::form;

fuzz_target!(|text: &str| {
    let read = |text: &str| {
        let pairs = form::parse_pairs(text).collect::<Result<Vec<_>, _>>().ok()?;
        let owned = pairs.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned()));
        Some(owned.collect::<Vec<_>>())
    };
    let Some(pairs) = read(text) else { return };
    let written = form::write_pairs(pairs.iter().map(|(name, value)| (&**name, &**value)));
    assert_eq!(read(&written), Some(pairs));
});
