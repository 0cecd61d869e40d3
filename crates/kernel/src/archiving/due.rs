//! Which digests go into the next file.

use store::archive::{ArchiveFile, ArchiveState};
use store::digest::{Digest, FoundDigest};

use crate::archive::Folder;

/// Maximum number of digests of a file: a million and a half events at most.
pub(super) const DIGESTS_MAX: i64 = 1500;

/// Longest time between the first and the last digest of a file, unless the age at which events move is shorter. The
/// first waits for the others for as long.
const SPAN_MS: i64 = 24 * 60 * 60 * 1000;

/// The digests behind the last file.
pub(super) struct Waiting<'a> {
    /// At most [`DIGESTS_MAX`], in their order.
    pub(super) digests: &'a [FoundDigest],
    /// The newest digest, which stays, because the next one follows it.
    pub(super) newest: i64,
    /// Age at which events move.
    pub(super) after_ms: i64,
    pub(super) now_ms: i64,
}

impl Waiting<'_> {
    /// Returns the next file, as far as it is known before its digests are read; `None` if it is not full yet and may
    /// become fuller.
    pub(super) fn next_file(&self) -> Option<ArchiveFile> {
        let old_ms = self.now_ms.saturating_sub(self.after_ms);
        let first = match self.digests.first()? {
            Ok(first) => first,
            // A digest that cannot be read stays.
            Err(row) => return (row.number < self.newest).then(|| left(row.number, old_ms)),
        };
        let ends_ms = first.sealed_at_ms.saturating_add(self.after_ms.min(SPAN_MS));
        let is_due = |digest: &&Digest| {
            digest.number < self.newest && digest.sealed_at_ms <= old_ms.min(ends_ms)
        };
        let readable = self.digests.iter().map_while(|row| row.as_ref().ok());
        let due: Vec<&Digest> = readable.take_while(is_due).collect();
        let last = due.last()?;
        let is_full = i64::try_from(due.len()) == Ok(DIGESTS_MAX);
        (is_full || ends_ms <= old_ms).then(|| ArchiveFile {
            first_digest: first.number,
            last_digest: last.number,
            name: Folder::name(first.sealed_at_ms, first.number, last.number),
            state: ArchiveState::Writing,
            event_count: 0,
            lowest_id: String::new(),
            highest_id: String::new(),
            sealed_at_ms: last.sealed_at_ms,
        })
    }
}

/// Returns the entry of a digest that stays in the database.
pub(super) fn left(number: i64, sealed_at_ms: i64) -> ArchiveFile {
    ArchiveFile {
        first_digest: number,
        last_digest: number,
        name: String::new(),
        state: ArchiveState::Left,
        event_count: 0,
        lowest_id: String::new(),
        highest_id: String::new(),
        sealed_at_ms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: i64 = 60 * 60 * 1000;

    fn digests(count: i64, apart_ms: i64) -> Vec<FoundDigest> {
        let digest = |number: i64| Digest {
            number,
            sealed_at_ms: (number - 1) * apart_ms,
            event_count: 1,
            hash: [0; 32],
            signature: [0; 64],
            format: 2,
        };
        (1..=count).map(|number| Ok(digest(number))).collect()
    }

    fn next(digests: &[FoundDigest], after_ms: i64, now_ms: i64) -> Option<(i64, i64)> {
        let newest = i64::try_from(digests.len()).unwrap();
        let file = Waiting { digests, newest, after_ms, now_ms }.next_file();
        file.map(|file| (file.first_digest, file.last_digest))
    }

    #[test]
    fn a_file_has_a_day_unless_it_is_full() {
        let hourly = digests(80, HOUR_MS);
        assert_eq!(next(&hourly, 48 * HOUR_MS, 71 * HOUR_MS), None);
        assert_eq!(next(&hourly, 48 * HOUR_MS, 72 * HOUR_MS), Some((1, 25)));
        assert_eq!(next(&hourly, 48 * HOUR_MS, 900 * HOUR_MS), Some((1, 25)));
        // A shorter age has shorter files.
        assert_eq!(next(&hourly, 2 * HOUR_MS, 4 * HOUR_MS), Some((1, 3)));
        let every_second = digests(DIGESTS_MAX + 1, 1000);
        assert_eq!(next(&every_second, HOUR_MS, HOUR_MS), None);
        assert_eq!(next(&every_second, HOUR_MS, 2 * HOUR_MS), Some((1, DIGESTS_MAX)));
        let full = next(&every_second[..1500], HOUR_MS, 2 * HOUR_MS);
        assert_eq!(full, Some((1, DIGESTS_MAX - 1)), "the newest digest stays");
    }

    #[test]
    fn a_digest_that_cannot_be_read_stays() {
        let mut digests = digests(5, HOUR_MS);
        let why = model::Fault::broken("test");
        digests[2] = Err(store::digest::UnreadableDigest { number: 3, why });
        assert_eq!(next(&digests, HOUR_MS, 900 * HOUR_MS), Some((1, 2)));
        assert_eq!(next(&digests[2..], HOUR_MS, 900 * HOUR_MS), None, "it is the newest");
        let waiting = Waiting { digests: &digests[2..], newest: 5, after_ms: 1, now_ms: 9 };
        assert_eq!(waiting.next_file(), Some(left(3, 8)));
    }
}
