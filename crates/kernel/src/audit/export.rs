//! Export of a span of the audit log as JSON lines, by time.

use std::io::Write;

use model::{AuditEvent, Fault};
use protocol::timestamp;
use store::digest;

use super::in_order::{InLog, InOrder};
use super::record::{IsRead, record};
use super::seals::Seals;
use crate::Ctx;

/// Action of an export.
pub(super) const ACTION: &str = "portico:ExportAudit";

/// Time span of the events to export.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from_ms: i64,
    /// End of the span, exclusive.
    pub to_ms: i64,
}

impl Span {
    /// Reads a span from two RFC 3339 timestamps, which the operator gave with `--from` and `--to`. A missing one leaves that end of the span open.
    pub fn between(from: Option<&str>, to: Option<&str>) -> Result<Self, Fault> {
        let read = |field: &'static str, text: Option<&str>, otherwise: i64| {
            let Some(text) = text else { return Ok(otherwise) };
            let moment: jiff::Timestamp = text
                .parse()
                .map_err(|_| Fault::invalid(field, "be a moment such as 2027-01-31T08:00:00Z"))?;
            Ok(moment.as_millisecond())
        };
        let span = Self { from_ms: read("--from", from, 0)?, to_ms: read("--to", to, i64::MAX)? };
        if span.from_ms < span.to_ms {
            Ok(span)
        } else {
            Err(Fault::invalid("--to", "be after --from"))
        }
    }
}

/// Result of an export.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Exported {
    pub events: u64,
    /// Number of rows that no server writes, and that have no form as a record, and of events in files that cannot be
    /// read.
    pub left_out: u64,
    /// Files of the archive that cannot be read, with the reasons.
    pub flaws: Vec<String>,
}

/// Writes the events of a span, oldest first, one per line. The export leaves an event of its own.
pub fn export(
    ctx: &Ctx<'_>,
    span: Span,
    is_read: IsRead,
    out: &mut dyn Write,
) -> Result<Exported, Fault> {
    let permit = ctx.authorize(ACTION, "*")?;
    let event = AuditEvent::new()
        .asked("from", timestamp::rfc_3339(span.from_ms))
        .asked("to", timestamp::rfc_3339(span.to_ms.min(ctx.now_ms())));
    ctx.begin(permit.clone())?.commit(&event)?;

    // Event ids begin with the time in fixed-width hexadecimal, so that text order is time order.
    let id_at = |ms: i64| format!("{:012x}", ms.clamp(0, 0xFFFF_FFFF_FFFF));
    // An open end has ids that are no time, too: somebody else wrote them, so they are marked.
    let after = if span.from_ms == 0 { String::new() } else { id_at(span.from_ms) };
    let end = if span.to_ms == i64::MAX { char::MAX.to_string() } else { id_at(span.to_ms) };
    let settings = &ctx.portico.settings;
    let mut seals = Seals::default();
    // Rows with an id of nobody have no time.
    let left_out = digest::count_odd_ids(&mut ctx.read(&permit)?)?;
    let left_out = u64::try_from(left_out).unwrap_or_default();
    let mut exported = Exported { events: 0, left_out, flaws: Vec::new() };
    let read = || ctx.read(&permit);
    let mut log = InOrder::new(ctx, after, end);
    while let Some(entry) = log.next(read)? {
        let line = match &entry {
            InLog::Row(Ok(event)) => {
                record(settings, event, seals.proof(ctx.portico, &read, event)?, is_read)
            }
            InLog::Row(Err(_)) => None,
            InLog::Archived(event, is_sealed) => {
                record(settings, event, if *is_sealed { "sealed" } else { "none" }, is_read)
            }
        };
        if let Some(line) = line {
            writeln!(out, "{line}")
                .map_err(|why| Fault::broken_at("writing an exported event", why))?;
            exported.events += 1;
        } else {
            exported.left_out += 1;
        }
    }
    exported.left_out += log.unread;
    exported.flaws = log.flaws;
    out.flush().map_err(|why| Fault::broken_at("writing exported events", why))?;
    Ok(exported)
}
