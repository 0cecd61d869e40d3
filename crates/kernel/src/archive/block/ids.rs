//! Ids of events and of requests as bytes, if they have the form of those that servers make.

use super::super::columns::{hex, unhex};

/// Reads the time of an id as [`store::Stamp`] makes them; `None` for other ids.
pub(super) fn time_of_id(id: &str) -> Option<i64> {
    let (time, random) = id.split_once('-')?;
    let bytes: [u8; 6] = unhex(time.bytes())?;
    unhex::<10>(random.bytes())?;
    Some(bytes.iter().fold(0, |time, byte| time << 8 | i64::from(*byte)))
}

/// Reads the random part of such an id.
pub(super) fn random_of_id(id: &str) -> Option<[u8; 10]> {
    time_of_id(id)?;
    unhex(id.split_once('-')?.1.bytes())
}

/// Reads a UUID in lower case.
pub(super) fn bytes_of_uuid(text: &str) -> Option<[u8; 16]> {
    let bytes = unhex(text.bytes().filter(|byte| *byte != b'-'))?;
    (uuid(&bytes) == text).then_some(bytes)
}

/// Writes a UUID.
pub(super) fn uuid(bytes: &[u8; 16]) -> String {
    let mut text = hex(bytes);
    for place in [8, 13, 18, 23] {
        text.insert(place, '-');
    }
    text
}
