//! Export of the sealed log as JSON lines, digest by digest, also of what is sealed later.

use std::io::Write;
use std::time::Duration;

use model::{AuditEvent, Fault};
use policy::Permit;
use protocol::timestamp;
use store::digest;

use super::batches::{Batch, Batches, Next};
use super::export::ACTION;
use super::position::Position;
use super::record::{IsRead, record};
use crate::Ctx;

/// Pause between two looks for another digest, and before another attempt at a database that does not answer.
const PAUSE: Duration = Duration::from_secs(1);

/// Where to begin.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Start {
    /// Behind an event that was read before.
    Behind(Position),
    /// With the events of a moment.
    At { from_ms: i64 },
}

/// Follower of the log.
pub struct Follow {
    permit: Permit,
    start: Start,
}

impl Follow {
    /// Leaves the event of the export.
    pub fn begin(ctx: &Ctx<'_>, start: Start) -> Result<Self, Fault> {
        let permit = ctx.authorize(ACTION, "*")?;
        if let Start::Behind(position) = &start {
            // The numbers behind the end are given again after a restored backup.
            let last = digest::find_last(&mut ctx.read(&permit)?)?.map_or(0, |last| last.number);
            if position.digest > last {
                return Err(Fault::invalid(
                    "--after",
                    format!("be a place in this log, which ends with digest {last}"),
                ));
            }
        }
        let event = AuditEvent::new().asked("follow", true);
        let event = match &start {
            Start::Behind(position) => event.asked("after", position),
            Start::At { from_ms } => event.asked("from", timestamp::rfc_3339(*from_ms)),
        };
        ctx.begin(permit.clone())?.commit(&event)?;
        Ok(Self { permit, start })
    }

    /// Writes the events, one per line, until `goes_on` says no. It is asked between two batches, and is to wait for as
    /// long as it is told. Returns the number of rows that were left out, because they are no events.
    pub fn write(
        self,
        ctx: &Ctx<'_>,
        is_read: IsRead,
        out: &mut dyn Write,
        goes_on: &dyn Fn(Duration) -> bool,
    ) -> Result<u64, Fault> {
        let Self { permit, start } = self;
        let (at, from_ms) = match start {
            Start::Behind(position) => (position, 0),
            Start::At { from_ms } => (Position::default(), from_ms),
        };
        let is_from_the_beginning = at == Position::default();
        let mut batches = Batches::new(ctx.portico, permit, at);
        batches.pass_older(from_ms)?;
        let mut is_first = true;
        let mut left_out = 0;
        loop {
            let pause = match batches.next() {
                Ok(Next::Batch(batch)) => {
                    left_out += write_batch(ctx, &batch, from_ms, is_read, out)?;
                    Duration::ZERO
                }
                Ok(Next::RemovedUntil(_)) if is_first && is_from_the_beginning => Duration::ZERO,
                Ok(Next::RemovedUntil(until)) => {
                    return Err(Fault::invalid(
                        "--after",
                        format!(
                            "be {until} or later: the events before were removed for their age, as --audit-keep says"
                        ),
                    ));
                }
                Ok(Next::End) | Err(Fault::Unavailable(_) | Fault::Busy | Fault::Contended) => {
                    PAUSE
                }
                Err(fault) => return Err(fault),
            };
            is_first = false;
            if !goes_on(pause) {
                return Ok(left_out);
            }
        }
    }
}

fn write_batch(
    ctx: &Ctx<'_>,
    batch: &Batch,
    from_ms: i64,
    is_read: IsRead,
    out: &mut dyn Write,
) -> Result<u64, Fault> {
    let mut left_out = batch.unreadable;
    let failed = |why| Fault::broken_at("writing an exported event", why);
    for (event, proof) in batch.events.iter().filter(|(event, _)| event.at_ms >= from_ms) {
        match record(&ctx.portico.settings, event, proof, is_read) {
            Some(line) => writeln!(out, "{line}").map_err(failed)?,
            None => left_out += 1,
        }
    }
    out.flush().map_err(failed)?;
    Ok(left_out)
}
