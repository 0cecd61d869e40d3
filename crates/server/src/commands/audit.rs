//! `portico audit`: read and prove the audit log.

use std::io::{BufWriter, IsTerminal, stderr, stdout};

use kernel::audit::export::{Exported, Span};
use kernel::audit::verify::Report;
use kernel::audit::{self, Head};
use kernel::{Ctx, Portico};

use super::reader::Reader;
use super::{local_request, open_beside};
use crate::config::DataArgs;
use crate::words::say;

/// Proves that no event was added, altered or removed. `accept_head` makes the log as it is the one
/// that later verifications compare with.
pub fn verify(data: DataArgs, head: Option<&str>, accept_head: bool) -> Result<(), String> {
    let known: Option<Head> = head.map(str::parse).transpose().map_err(say)?;
    let beside = open_beside(data)?;
    let portico = &beside.portico;
    let mut report = audit::verify::verify(portico, known.as_ref(), &mut tell_file).map_err(say)?;
    print_findings(&report);
    if !report.head_findings.is_empty() && !accept_head {
        println!("If you restored a backup, `--accept-head` makes the log as it is the right one.");
    }
    if accept_head {
        accept(portico)?;
        beside.seal()?;
        report.has_kept_head = true;
        report.head_findings.clear();
    }
    let (digests, unsealed) = (report.digests, report.unsealed);
    if !report.is_sound() {
        return Err(format!(
            "the audit log is not as it was written ({} and {} read)",
            count(digests, "digest"),
            count(unsealed, "unsealed event")
        ));
    }
    print_proved(&report);
    if !report.has_kept_head {
        println!(
            "The data folder keeps no head of the log yet, so its end is proved by --head alone."
        );
    }
    if let Some(head) = report.head {
        println!("head {head}");
    }
    Ok(())
}

/// Tells a person which file is read, because a long archive takes minutes.
fn tell_file(name: &str) {
    if stderr().is_terminal() {
        eprintln!("reading {name}");
    }
}

fn print_proved(report: &Report) {
    let are = |number| if number == 1 { "is as it was" } else { "are as they were" };
    let (events, unsealed) = (report.events, report.unsealed);
    let digests = count(report.digests, "digest");
    println!("{} in {digests} {} sealed.", count(events, "event"), are(events));
    if report.archived > 0 {
        println!("{} of them are in the archive.", report.archived);
    }
    if report.removed_until > 0 {
        println!(
            "The log begins behind digest {}: what was older was removed, as --audit-keep says.",
            report.removed_until
        );
    }
    if unsealed > 0 {
        let seconds = report.oldest_unsealed_ms.max(0) / 1000;
        println!(
            "{} {} written and not sealed yet, the oldest {seconds} s old.",
            count(unsealed, "event"),
            are(unsealed)
        );
    }
}

/// A number with its noun.
fn count(number: i64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn print_findings(report: &Report) {
    for finding in &report.findings {
        println!("{finding}");
    }
    if report.more_findings > 0 {
        println!("And {} more.", report.more_findings);
    }
    if !report.head_findings.is_empty() {
        println!("Against the head that this data folder keeps:");
        for finding in &report.head_findings {
            println!("{finding}");
        }
    }
}

fn accept(portico: &Portico) -> Result<(), String> {
    let (caller, request) = (Portico::itself(), local_request(portico));
    let accepted = audit::keep::accept(&Ctx::new(portico, &caller, &request)).map_err(say)?;
    match accepted.digest {
        Some(digest) => println!("Accepted: the log ends with digest {digest}."),
        None => println!("Accepted: the log has no digest."),
    }
    Ok(())
}

/// Prints events as JSON lines.
pub fn export(data: DataArgs, from: Option<&str>, to: Option<&str>) -> Result<(), String> {
    let span = Span::between(from, to).map_err(say)?;
    let beside = open_beside(data)?;
    let portico = &beside.portico;
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut out = BufWriter::new(Reader::of(stdout().lock()));
    let exported = audit::export::export(&ctx, span, service::is_read, &mut out);
    beside.seal()?;
    match exported {
        Err(_) if out.get_ref().has_enough() => Ok(()),
        Ok(Exported { left_out, flaws, .. }) if !flaws.is_empty() => Err(format!(
            "files of the audit archive cannot be read, and {left_out} events were left out: {}. Run `portico audit \
             verify`",
            flaws.join("; ")
        )),
        Ok(Exported { left_out, .. }) if left_out > 0 => Err(are_no_events(left_out)),
        outcome => outcome.map(drop).map_err(say),
    }
}

/// The message about rows that were left out.
pub(super) fn are_no_events(left_out: u64) -> String {
    format!(
        "{left_out} rows of the log are no events and were left out: run `portico audit verify`"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!(count(0, "event"), "0 events");
        assert_eq!(count(1, "digest"), "1 digest");
        assert_eq!(count(2, "unsealed event"), "2 unsealed events");
    }
}
