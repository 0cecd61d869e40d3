//! The likeness of a name, which sign-in makes of what strangers type.

#![no_main]

use libfuzzer_sys::fuzz_target;
use model::likeness::Likeness;

fuzz_target!(|text: &str| {
    let likeness = Likeness::of(text);
    assert_eq!(Likeness::of(likeness.as_str()), likeness);
    assert_eq!(Likeness::of(&likeness.as_str().to_uppercase()), likeness);
});
