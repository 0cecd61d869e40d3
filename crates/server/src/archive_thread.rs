//! The thread that moves audit events into the archive.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use kernel::archiving::{moving, removing};
use kernel::upkeep::Duty;
use kernel::{Portico, upkeep};

/// Pause between two looks for audit events that are old enough for the archive.
const ARCHIVE_PAUSE: Duration = Duration::from_secs(10);

/// Moves audit events into the archive, and removes those that are too old. Both take long, so neither is in the way
/// of the journal.
pub(crate) fn keep_archive(portico: &Portico, stopping: &Receiver<()>, stopped: &AtomicBool) {
    let is_stopped = || stopped.load(Ordering::Acquire);
    loop {
        let duties: [Duty<'_>; 2] = [
            ("moving of audit events into the archive", &|| moving::move_due(portico, &is_stopped)),
            ("removal of old audit events", &|| removing::remove_due(portico, &is_stopped)),
        ];
        // Each failure is logged already.
        upkeep::run_each(&duties).ok();
        if stopping.recv_timeout(ARCHIVE_PAUSE) != Err(RecvTimeoutError::Timeout) {
            break;
        }
    }
}
