//! What proves an event that is in the database.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use model::Fault;
use store::digest::{self, Digest};
use store::{LoggedEvent, Read};

use super::proved::{hash_before, read_proved};
use crate::Portico;

/// What was looked up about digests.
#[derive(Default)]
pub(super) struct Seals {
    /// The digest of the last event, if there is one with that number. Consecutive events often share one.
    last: (i64, Option<Digest>),
    /// Whether a digest of an earlier version holds, by its number.
    earlier: BTreeMap<i64, bool>,
}

impl Seals {
    /// Returns what proves an event: `sealed` if a digest names it, `mac` if its MAC alone does, or
    /// `none`. An event of an earlier version has no MAC: its digest itself must hold. Whether other
    /// digests hold is for the verification to say.
    pub(super) fn proof<'a>(
        &mut self,
        portico: &Portico,
        read: &impl Fn() -> Result<Read<'a>, Fault>,
        event: &LoggedEvent,
    ) -> Result<&'static str, Fault> {
        if event.digest > 0 && event.digest != self.last.0 {
            self.last = (event.digest, find(&mut read()?, event.digest)?);
        }
        let digest = self.last.1.as_ref().filter(|_| event.digest > 0);
        if portico.db.proves(event) {
            return Ok(if digest.is_some() { "sealed" } else { "mac" });
        }
        let Some(digest) = digest.filter(|_| event.is_of_earlier_version()) else {
            return Ok("none");
        };
        let holds = match self.earlier.entry(digest.number) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(place) => *place.insert(holds(portico, &mut read()?, digest)?),
        };
        Ok(if holds { "sealed" } else { "none" })
    }
}

fn find(read: &mut Read<'_>, number: i64) -> Result<Option<Digest>, Fault> {
    Ok(digest::find(read, number)?.and_then(Result::ok))
}

/// Tells whether a digest of an earlier version is signed, and is the one of the events that name it.
fn holds(portico: &Portico, read: &mut Read<'_>, digest: &Digest) -> Result<bool, Fault> {
    if digest.format != digest::OF_CONTENTS {
        return Ok(false);
    }
    let before = hash_before(portico, read, digest.number)?;
    Ok(read_proved(portico, read, digest.number, &before)?.is_some())
}
