//! Digests with their events that are as they were sealed, wherever the events are, and where the log begins.

use model::Fault;
use store::archive::{self, Beginning};
use store::digest::{self, NO_HASH};
use store::{FoundEvent, Read};

use super::seal::{is_signed, is_signed_by};
use crate::Portico;
use crate::archive::Block;

/// Tells whether this server wrote where the log begins since its oldest files were removed.
pub(super) fn is_own(portico: &Portico, beginning: &Beginning) -> bool {
    is_signed_by(portico, &beginning.bytes(), &beginning.signature)
}

/// Finds where the log begins since its oldest files were removed, if this server wrote that.
pub(super) fn beginning(
    portico: &Portico,
    read: &mut Read<'_>,
) -> Result<Option<Beginning>, Fault> {
    Ok(archive::find_beginning(read)?.filter(|found| is_own(portico, found)))
}

/// Finds the hash that a digest covers, of the digest before.
pub(crate) fn hash_before(
    portico: &Portico,
    read: &mut Read<'_>,
    number: i64,
) -> Result<[u8; 32], Fault> {
    if let Some(before) = digest::find_before(read, number)? {
        return Ok(before.hash);
    }
    let beginning = beginning(portico, read)?;
    Ok(beginning.map_or(NO_HASH, |beginning| beginning.hash))
}

/// Reads a digest of the database with its events, if all of it is as it was sealed after a digest with the hash
/// `before`.
pub(crate) fn read_proved(
    portico: &Portico,
    read: &mut Read<'_>,
    number: i64,
    before: &[u8; 32],
) -> Result<Option<Block>, Fault> {
    let Some(Ok(digest)) = digest::find(read, number)? else { return Ok(None) };
    let rows: Vec<FoundEvent> =
        digest::list_events(read, number, "", i64::from(digest::EVENTS_MAX) + 1)?;
    let events: Result<Vec<_>, _> = rows.into_iter().collect();
    let block = events.ok().map(|events| Block { digest, events });
    Ok(block.filter(|block| is_proved(portico, block, before)))
}

/// Tells whether a digest is signed and is the one of these events. The hash covers the MACs.
pub(crate) fn is_proved(portico: &Portico, block: &Block, before: &[u8; 32]) -> bool {
    let Block { digest, events } = block;
    i64::try_from(events.len()) == Ok(digest.event_count)
        && events.iter().all(|event| event.is_of_earlier_version() || portico.db.proves(event))
        && is_signed(portico, digest)
        && digest.has_hash_of(before, events)
}
