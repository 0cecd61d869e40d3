//! What a node knows of its audit log, as text for a file beside its key file.
//!
//! Who writes to the database reaches neither the file nor the key of its MAC, so a log that was cut
//! at its end, emptied, or put back to an older state shows against it (decision 0024).

use std::collections::BTreeMap;

use store::RowMac;
use subtle::ConstantTimeEq;

use super::head::{Head, bytes, hex};

/// First line of the text. A change of the form is another line.
const LABEL: &str = "portico audit head 1";

/// What a node knows of its log.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct KeptHead {
    /// Newest digest at the last check; `None` if there was none.
    pub digest: Option<Head>,
    /// The lanes of the node that may have events behind that digest, by their writers.
    pub lanes: BTreeMap<String, KeptLane>,
}

/// What a node knows of one of its lanes.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct KeptLane {
    /// Every event up to this number is in a digest up to [`KeptHead::digest`].
    pub sealed: i64,
    /// Number of the last event that was committed.
    pub last: i64,
}

impl KeptHead {
    /// Writes the head as text that ends with its MAC.
    #[must_use]
    pub fn to_text(&self, mac: &RowMac) -> String {
        let digest = self.digest.iter().map(|digest| format!("digest {digest}"));
        let lanes = self.lanes.iter();
        let lanes = lanes
            .map(|(writer, KeptLane { sealed, last })| format!("lane {writer} {sealed} {last}"));
        let mut parts: Vec<String> = digest.chain(lanes).collect();
        parts.insert(0, LABEL.to_owned());
        let signed = parts.join("\n") + "\n";
        let mac = hex(&mac(signed.as_bytes()));
        format!("{signed}mac {mac}\n")
    }

    /// Reads a head; `None` if this server did not write the text.
    #[must_use]
    pub fn from_text(text: &str, mac: &RowMac) -> Option<Self> {
        let (signed, found) = text.strip_suffix('\n')?.rsplit_once("mac ")?;
        if !bool::from(mac(signed.as_bytes()).ct_eq(&bytes(found)?)) {
            return None;
        }
        let mut lines = signed.lines();
        let mut head = Self::default();
        if lines.next()? != LABEL {
            return None;
        }
        for line in lines {
            let words: Vec<&str> = line.split(' ').collect();
            match words.as_slice() {
                ["digest", digest] => head.digest = Some(digest.parse().ok()?),
                ["lane", writer, sealed, last] => {
                    let lane = KeptLane { sealed: sealed.parse().ok()?, last: last.parse().ok()? };
                    head.lanes.insert((*writer).to_owned(), lane);
                }
                _ => return None,
            }
        }
        Some(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mac(bytes: &[u8]) -> [u8; 32] {
        let sum = bytes.iter().fold(7_u8, |sum, byte| sum.wrapping_mul(31).wrapping_add(*byte));
        [sum; 32]
    }

    #[test]
    fn a_head_reads_back_and_a_changed_one_does_not() {
        let lane = KeptLane { sealed: 3, last: 5 };
        let full = KeptHead {
            digest: Some(Head { number: 12, hash: [0xA5; 32] }),
            lanes: BTreeMap::from([("a-1".to_owned(), lane), ("b-2".to_owned(), lane)]),
        };
        for head in [full, KeptHead::default()] {
            let text = head.to_text(&mac);
            assert_eq!(KeptHead::from_text(&text, &mac), Some(head));
            for place in 0..text.len() {
                let mut changed = text.clone().into_bytes();
                changed[place] ^= 1;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(KeptHead::from_text(&changed, &mac), None, "{changed}");
                assert_eq!(KeptHead::from_text(&text[..place], &mac), None);
            }
        }
    }
}
