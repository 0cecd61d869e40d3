//! The head of the audit log that a node keeps: comparison with the log, and renewal.
//!
//! A log that differs stops neither the server nor sealing: availability comes first, and the file
//! keeps the evidence until the operator accepts the log.

use std::collections::BTreeMap;

use model::{AuditEvent, Fault};

use super::compare::{Compared, compare, newest};
use super::finding::Finding;
use super::seal::seal_due;
use crate::watch::{Head, Kept, KeptHead, KeptLane, State};
use crate::{Ctx, Portico};
use store::OwnLane;

/// Maximum number of findings that one comparison names in the server's log.
const NAMED_MAX: usize = 10;

/// Notes the events that were committed since the last second, or compares the log if that was not
/// done since the start.
pub fn every_second(portico: &Portico) -> Result<(), Fault> {
    let mut state = portico.watch.state();
    match &mut *state {
        State::Unchecked => {
            drop(state);
            every_minute(portico)
        }
        State::Agrees { head, written } => {
            note_lanes(portico, head);
            *written = portico.watch.write(head, written)?;
            Ok(())
        }
        State::Differs => Ok(()),
    }
}

/// Compares the log with the head, and renews the head if they agree. Runs after sealing, so that
/// the events which the last head knew unsealed are in digests.
pub fn every_minute(portico: &Portico) -> Result<(), Fault> {
    if !portico.watch.keeps_head() {
        return Ok(());
    }
    let mut state = portico.watch.state();
    let before = std::mem::take(&mut *state);
    let (mut head, written) = match &before {
        State::Agrees { head, written } => {
            let mut head = head.clone();
            note_lanes(portico, &mut head);
            (head, written.clone())
        }
        State::Unchecked | State::Differs => match portico.watch.read()? {
            Kept::Head(mut head) => {
                if matches!(before, State::Differs) {
                    // If the operator accepted the log, then with what it lacks of the lanes of this
                    // process, which an accepted head does not name.
                    for (writer, lane) in own_lanes(portico) {
                        head.lanes.entry(writer).or_insert(lane);
                    }
                }
                (head, String::new())
            }
            Kept::Nothing => (present(portico)?, String::new()),
            Kept::Wrong => {
                *state = State::Differs;
                drop(state);
                report(portico, &[Finding::WrongHead]);
                return Ok(());
            }
        },
    };
    let compared = match compare(portico, &head) {
        Ok(compared) => compared,
        Err(fault) => {
            *state = before;
            return Err(fault);
        }
    };
    if compared.is_head_removed {
        // The server was away for longer than the log is kept.
        let head = present(portico)?;
        let written = portico.watch.write(&head, &written)?;
        *state = State::Agrees { head, written };
        return Ok(());
    }
    if !compared.findings.is_empty() {
        *state = State::Differs;
        drop(state);
        report(portico, &compared.findings);
        return Ok(());
    }
    renew(portico, &mut head, compared);
    note_lanes(portico, &mut head);
    forget_sealed(portico, &mut head);
    let outcome = portico.watch.write(&head, &written);
    let written = outcome.as_ref().map_or(String::new(), Clone::clone);
    *state = State::Agrees { head, written };
    outcome.map(drop)
}

/// Returns the newest digest, for [`require_own_events`].
pub fn end(portico: &Portico) -> Result<Option<Head>, Fault> {
    newest(portico)
}

/// Fails unless the log has every event that this process has committed. `before` is the newest digest from before the
/// first of them.
///
/// A trigger of the database can remove rows in the transaction that writes them. The head of a server does not know
/// the lanes of other processes, so nobody else would miss them.
pub fn require_own_events(portico: &Portico, before: Option<Head>) -> Result<(), Fault> {
    let own = portico.db.own_lanes().into_iter();
    let unsealed = |lane: OwnLane| KeptLane { sealed: 0, last: lane.last };
    let lanes = own.map(|(writer, lane)| (writer, unsealed(lane))).collect();
    let compared = compare(portico, &KeptHead { digest: before, lanes })?;
    match compared.findings.first() {
        None => Ok(()),
        Some(finding) => Err(Fault::broken(format!(
            "the database did not keep the event of this command, so its outcome is not shown ({finding}) Look for a \
             trigger on the table audit_event, and run `portico audit verify`"
        ))),
    }
}

/// Seals what a command wrote beside a server that does not run, and moves the head behind it. The caller
/// keeps every server of the data folder from starting meanwhile.
///
/// A folder without a head is left alone: its first server seals what an earlier version left before anything
/// else is sealed.
pub fn after_command(portico: &Portico) -> Result<(), Fault> {
    if !matches!(portico.watch.read()?, Kept::Head(_)) {
        return Ok(());
    }
    seal_due(portico)?;
    every_minute(portico)
}

/// Accepts the log as it is, after the operator has seen its findings: writes a head that agrees
/// with it, and leaves an event.
pub fn accept(ctx: &Ctx<'_>) -> Result<KeptHead, Fault> {
    let permit = ctx.authorize("portico:AcceptAuditHead", "*")?;
    let digest = newest(ctx.portico)?;
    let mut event = AuditEvent::new();
    if let Some(digest) = &digest {
        event = event.asked("digest", digest);
    }
    ctx.begin(permit)?.commit(&event)?;
    let head = KeptHead { digest, lanes: BTreeMap::new() };
    ctx.portico.watch.write(&head, "")?;
    Ok(head)
}

/// Makes a head that agrees with the log as it is.
fn present(portico: &Portico) -> Result<KeptHead, Fault> {
    // The lanes are listed last: an event behind both would have to be in a later digest.
    let digest = newest(portico)?;
    let mut lanes: BTreeMap<String, KeptLane> = own_lanes(portico).collect();
    if digest.is_none() {
        for lane in lanes.values_mut() {
            lane.sealed = 0;
        }
    }
    Ok(KeptHead { digest, lanes })
}

/// Lists the lanes of this process as if all their events were sealed.
fn own_lanes(portico: &Portico) -> impl Iterator<Item = (String, KeptLane)> {
    let own = portico.db.own_lanes().into_iter();
    own.map(|(writer, lane)| (writer, KeptLane { sealed: lane.last, last: lane.last }))
}

/// Adds what this process has committed.
fn note_lanes(portico: &Portico, head: &mut KeptHead) {
    for (writer, own) in portico.db.own_lanes() {
        let lane = head.lanes.entry(writer).or_default();
        lane.last = lane.last.max(own.last);
    }
}

/// Moves the head to the newest digest, if the sealed events of each lane have no gap.
fn renew(portico: &Portico, head: &mut KeptHead, compared: Compared) {
    let Compared { newest, sealed, .. } = compared;
    let own = portico.db.own_lanes();
    let mut lanes = head.lanes.clone();
    for writer in own.into_keys() {
        lanes.entry(writer).or_default();
    }
    for (writer, lane) in &mut lanes {
        lane.sealed = sealed.end_of_run(writer, lane.sealed);
        if sealed.last(writer) > lane.sealed {
            // Some of the events before it wait for a digest, as when another node was faster.
            return;
        }
        lane.last = lane.last.max(lane.sealed);
    }
    *head = KeptHead { digest: newest, lanes };
}

/// Takes out lanes that have ended and whose events are sealed.
fn forget_sealed(portico: &Portico, head: &mut KeptHead) {
    let own = portico.db.own_lanes();
    head.lanes.retain(|writer, lane| {
        let is_open = own.get(writer).is_some_and(|own| own.is_open);
        let stays = is_open || lane.sealed < lane.last;
        if !stays {
            portico.db.forget_lane(writer);
        }
        stays
    });
}

fn report(portico: &Portico, findings: &[Finding]) {
    portico.watch.add_findings(findings.len());
    let named: Vec<String> = findings.iter().take(NAMED_MAX).map(ToString::to_string).collect();
    tracing::error!(
        count = findings.len(),
        findings = ?named,
        "the audit log is not the one that this server knew: run `portico audit verify`, and if you \
         restored a backup, run it with --accept-head"
    );
}
