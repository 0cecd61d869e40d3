//! Forwarding to one target, in steps. One server at a time holds a target.

use model::{AuditEvent, Fault};
use store::forward::{self, Hold};
use store::{Tx, digest};

use super::parcels::{Parcel, parcels};
use crate::Portico;
use crate::audit::batches::{Batch, Batches, Next};
use crate::audit::position::Position;
use crate::audit::record::IsRead;
use crate::steps::Steps;

/// Action of Portico itself.
const ACTION: &str = "portico:ForwardAudit";

/// Time for which a server holds a target without saying so again. Sending a part of a digest takes half of it at most.
const HOLD_MS: i64 = 20 * 1000;

/// Maximum number of digests whose events are counted.
const DIGESTS_COUNTED_MAX: i64 = 10_000;

/// Sends a part of a digest to the target. Returns the number of events that the target took and does not keep, or
/// why it took none.
pub type Send<'a, Refusal> = &'a mut dyn FnMut(&Parcel) -> Result<u64, Refusal>;

/// Outcome of a step.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Step<Refusal> {
    /// The target has taken what came next.
    Taken,
    /// All that is sealed was taken.
    End,
    /// Another server holds the target.
    HeldElsewhere,
    Refused(Refusal),
}

/// Forwarder to one target.
pub struct Forwarder<'a> {
    steps: Steps<'a>,
    target: &'a str,
    is_read: IsRead,
    held: Option<Held<'a>>,
}

/// What is known while the target is held.
struct Held<'a> {
    until_ms: i64,
    batches: Batches<'a>,
}

impl<'a> Forwarder<'a> {
    #[must_use]
    pub fn new(portico: &'a Portico, target: &'a str, is_read: IsRead) -> Self {
        portico.forwards.update(target, |_| ());
        Self { steps: Steps::new(portico, ACTION), target, is_read, held: None }
    }

    /// Sends the events of the next digest.
    pub fn step<Refusal>(&mut self, send: Send<'_, Refusal>) -> Result<Step<Refusal>, Fault> {
        let Some(mut held) = self.hold()? else { return Ok(Step::HeldElsewhere) };
        // After a failure the batches are read again from the row of the target.
        let step = match held.batches.next()? {
            Next::End => Step::End,
            Next::RemovedUntil(until) => self.taken(until)?,
            Next::Batch(batch) => {
                if let Err(refusal) = self.send(&batch, send) {
                    self.portico().forwards.update(self.target, |status| status.failed += 1);
                    return Ok(Step::Refused(refusal));
                }
                // A digest to which somebody else added rows has more events than one batch.
                if held.batches.at().event.is_some() {
                    Step::Taken
                } else {
                    self.taken(batch.digest)?
                }
            }
        };
        if !matches!(step, Step::HeldElsewhere) {
            self.held = Some(held);
        }
        Ok(step)
    }

    /// Counts what the target has not taken, on every server.
    pub fn measure(&self) -> Result<(), Fault> {
        let backlog = self.steps.read(|read| {
            let taken = forward::find(read, self.target)?.map_or(0, |found| found.digest);
            forward::backlog(read, taken, i64::MAX, DIGESTS_COUNTED_MAX)
        })?;
        let now_ms = self.steps.now_ms();
        let behind_ms = backlog.oldest_ms.map_or(0, |oldest_ms| (now_ms - oldest_ms).max(0));
        self.portico().forwards.update(self.target, |status| {
            (status.events_behind, status.behind_ms) = (backlog.events, behind_ms);
        });
        Ok(())
    }

    /// Lets another server hold the target at once.
    pub fn let_go(self) -> Result<(), Fault> {
        let holder = self.holder();
        self.steps.commit_silently(|tx| forward::let_go(tx, self.target, holder))
    }

    fn portico(&self) -> &'a Portico {
        self.steps.portico
    }

    fn holder(&self) -> &'a str {
        self.portico().archive.holder(&*self.portico().random)
    }

    /// Returns what is known while the target is held. `None` if another server holds it.
    fn hold(&mut self) -> Result<Option<Held<'a>>, Fault> {
        let now_ms = self.steps.now_ms();
        let held = self.held.take();
        // The clock can have been set back.
        let is_fresh =
            |held: &Held<'_>| (HOLD_MS / 2..=HOLD_MS).contains(&(held.until_ms - now_ms));
        let is_alone = !self.portico().db.may_be_shared();
        let held = match held {
            Some(held) if is_alone || is_fresh(&held) => return Ok(Some(held)),
            held => held,
        };
        let until_ms = now_ms + HOLD_MS;
        let stale_before_ms = if is_alone { i64::MAX } else { now_ms };
        let wanted = Hold { holder: self.holder(), until_ms, stale_before_ms };
        if let Some(held) = held {
            let is_held =
                self.steps.commit_silently(|tx| forward::hold(tx, self.target, wanted))?;
            return Ok(is_held.then_some(Held { until_ms, ..held }));
        }
        let Some(taken) = self.begin(wanted)? else { return Ok(None) };
        let permit = self.steps.permit()?;
        let batches = Batches::new(self.portico(), permit, Position::behind(taken));
        Ok(Some(Held { until_ms, batches }))
    }

    /// Begins to hold the target. Returns the last digest that it has taken, or `None` if another server holds it.
    fn begin(&self, wanted: Hold<'_>) -> Result<Option<i64>, Fault> {
        let before = self.steps.read(|read| forward::find(read, self.target))?;
        let found = self.steps.commit_silently(|tx| {
            let is_held = forward::hold(tx, self.target, wanted)?;
            let found = if is_held { forward::find(tx, self.target)? } else { None };
            let last = digest::find_last(tx)?.map_or(0, |last| last.number);
            if found.as_ref().is_some_and(|found| found.digest > last) {
                // The digests that are sealed next get numbers that the target seems to have.
                forward::advance(tx, self.target, wanted.holder, last)?;
            }
            Ok(found.map(|found| (found.digest, last)))
        })?;
        let Some((taken, last)) = found else { return Ok(None) };
        if before.is_none_or(|before| before.held_by != wanted.holder) {
            let event = AuditEvent::new().asked("target", self.target).asked("after", taken);
            self.steps.commit(|_| Ok(Some(event.clone())))?;
        }
        if taken > last {
            self.portico().watch.add_findings(1);
            tracing::error!(
                target_name = self.target,
                taken,
                last,
                "a target has taken more digests than the audit log has: run `portico audit verify`"
            );
        }
        Ok(Some(taken.min(last)))
    }

    fn send<Refusal>(&self, batch: &Batch, send: Send<'_, Refusal>) -> Result<(), Refusal> {
        let (parcels, left_out) = parcels(&self.portico().settings, batch, self.is_read);
        for parcel in &parcels {
            let rejected = send(parcel)?;
            self.portico().forwards.update(self.target, |status| status.rejected += rejected);
        }
        if left_out > 0 {
            self.portico().watch.add_findings(1);
            tracing::error!(
                target_name = self.target,
                digest = batch.digest,
                left_out,
                "rows of the audit log are no events and were not forwarded: run `portico audit verify`"
            );
        }
        Ok(())
    }

    /// Writes down that the target has taken a digest.
    fn taken<Refusal>(&self, digest: i64) -> Result<Step<Refusal>, Fault> {
        let holder = self.holder();
        let advance = |tx: &mut Tx<'_>| forward::advance(tx, self.target, holder, digest);
        let is_held = self.steps.commit_silently(advance)?;
        Ok(if is_held { Step::Taken } else { Step::HeldElsewhere })
    }
}
