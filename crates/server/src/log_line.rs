//! The form of a log line: one JSON object with the members of the event and of its spans.

use std::{fmt, io};

use serde::Serialize;
use tracing::field::{Field, Visit};
use tracing::span::Record;
use tracing::{Event, Subscriber};
use tracing_subscriber::field::RecordFields;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormattedFields};
use tracing_subscriber::registry::LookupSpan;

/// Writes a log line.
pub(crate) struct Line;

/// Writes fields as JSON members, each after a comma, so that members can be added behind them.
pub(crate) struct Members;

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        writer.write_str("{\"timestamp\":\"")?;
        SystemTime.format_time(&mut writer)?;
        write!(writer, "\",\"level\":\"{}\"", event.metadata().level())?;
        context.format_fields(writer.by_ref(), event)?;
        write!(writer, ",\"target\":\"{}\"", event.metadata().target())?;
        for span in context.event_scope().into_iter().flatten() {
            if let Some(members) = span.extensions().get::<FormattedFields<N>>() {
                writer.write_str(&members.fields)?;
            }
        }
        writer.write_str("}\n")
    }
}

impl<'w> FormatFields<'w> for Members {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> fmt::Result {
        let mut members = MemberWriter { writer, known: "", outcome: Ok(()) };
        fields.record(&mut members);
        members.outcome
    }

    // The first value of a field stands. A request is attempted again on another thread, and a page
    // may ask for its caller more than once.
    fn add_fields(
        &self,
        current: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> fmt::Result {
        let mut added = String::new();
        let writer = Writer::new(&mut added);
        let mut members = MemberWriter { writer, known: &current.fields, outcome: Ok(()) };
        fields.record(&mut members);
        members.outcome?;
        current.fields.push_str(&added);
        Ok(())
    }
}

struct MemberWriter<'w, 'k> {
    writer: Writer<'w>,
    /// Members that are there already.
    known: &'k str,
    outcome: fmt::Result,
}

impl MemberWriter<'_, '_> {
    /// Quotes inside of a value are escaped, so a name is found as a name only.
    fn is_known(&self, field: &Field) -> bool {
        !self.known.is_empty() && self.known.contains(&format!(",\"{}\":", field.name()))
    }

    fn write(&mut self, field: &Field, value: impl Serialize) {
        if self.outcome.is_ok() && !self.is_known(field) {
            self.outcome = write!(self.writer, ",\"{}\":", field.name()).and_then(|()| {
                serde_json::to_writer(Utf8(&mut self.writer), &value).map_err(|_| fmt::Error)
            });
        }
    }
}

impl Visit for MemberWriter<'_, '_> {
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.write(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.write(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.write(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.write(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.write(field, value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.write(field, format_args!("{value:?}"));
    }
}

/// Passes the bytes of JSON on as text. `serde_json` writes whole characters.
struct Utf8<'a, 'w>(&'a mut Writer<'w>);

impl io::Write for Utf8<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.0.write_str(text).map_err(io::Error::other)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_value_of_a_field_stands() {
        let subscriber = tracing_subscriber::fmt().fmt_fields(Members).with_writer(io::sink);
        let subscriber = subscriber.finish();
        tracing::subscriber::with_default(subscriber, || {
            let span = tracing::error_span!(
                "request",
                path = ",\"caller\":",
                caller = tracing::field::Empty
            );
            span.record("caller", "first").record("caller", "second");
            span.with_subscriber(|(id, dispatch)| {
                let registry = dispatch.downcast_ref::<tracing_subscriber::Registry>().unwrap();
                let data = registry.span_data(id).unwrap();
                let extensions = tracing_subscriber::registry::SpanData::extensions(&data);
                let fields = &extensions.get::<FormattedFields<Members>>().unwrap().fields;
                assert_eq!(fields, r#","path":",\"caller\":","caller":"first""#);
            });
        });
    }
}
