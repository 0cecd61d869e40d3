//! The metrics of `/metrics`, in the text format of Prometheus.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use http::StatusCode;
use kernel::forwards::Status;
use kernel::strangers::{REJECTED_CREDENTIALS, StrangerKind, Strangers};
use mail::Totals;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use store::Listening;

use crate::connections::Connections;
use crate::forward_metrics::ForwardMetrics;
use crate::timer::Timer;
use crate::tls::Certificate;

/// The metrics of one server.
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    durations: Histogram,
    waiting: Gauge<i64>,
    connections: Gauge<i64>,
    displaced: Counter,
    refused: Counter,
    stranger_bytes: Gauge<i64>,
    events_left_out: Family<KindLabels, Counter>,
    audit_findings: Counter,
    forwards: ForwardMetrics,
    listener_connected: OnSomeServers<Gauge<i64>>,
    listener_silence: OnSomeServers<Gauge<f64, AtomicU64>>,
    certificate_expiry: OnSomeServers<Gauge<i64>>,
    reloads_failed: OnSomeServers<Counter>,
    handshakes_failed: OnSomeServers<Counter>,
    messages: Family<OutcomeLabels, Counter>,
}

/// A metric without labels that only some servers have: those on PostgreSQL, or those with TLS.
type OnSomeServers<M> = Family<[(&'static str, &'static str); 0], M>;

/// What a server holds at the moment.
pub struct Load<'a> {
    /// Number of requests that wait for a worker or in the write queue.
    pub waiting: usize,
    pub connections: &'a Connections,
    pub stranger_bytes: usize,
    /// Budgets of strangers in the audit log.
    pub strangers: &'a Strangers,
    /// Number of findings in the audit log since the start.
    pub audit_findings: u64,
    /// Targets that audit events are forwarded to.
    pub forwards: &'a [(String, Status)],
    /// How the server hears other nodes.
    pub listening: Option<Listening>,
    pub certificate: Option<&'a Certificate>,
    /// What came of messages, if there is a mail server.
    pub messages: Option<Totals>,
}

/// INVARIANT: every label has few values, and none of them is text from a request.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct RequestLabels {
    operation: &'static str,
    status: u16,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct KindLabels {
    kind: &'static str,
}

#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct OutcomeLabels {
    outcome: &'static str,
}

impl Metrics {
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("portico");
        let requests = Family::default();
        let bounds = [0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2.0, 10.0];
        let durations = Histogram::new(bounds);
        let waiting = Gauge::default();
        registry.register("requests", "Requests answered", requests.clone());
        let help = "Time to answer a request";
        registry.register_with_unit("request_duration", help, Unit::Seconds, durations.clone());
        registry.register("requests_waiting", "Requests that wait for a worker", waiting.clone());
        let (connections, displaced, refused) =
            (Gauge::default(), Counter::default(), Counter::default());
        registry.register("connections", "Open connections", connections.clone());
        let help = "Connections that were closed because a newcomer took their place";
        registry.register("connections_displaced", help, displaced.clone());
        let help = "Connections that were refused because their network had its share";
        registry.register("connections_refused", help, refused.clone());
        let stranger_bytes = Gauge::default();
        let help = "Bytes of long heads and bodies of clients who have not proved who they are";
        registry.register("stranger_bytes", help, stranger_bytes.clone());
        let events_left_out = Family::default();
        let help =
            "Events of strangers and rejected credentials that the audit log has only as a number";
        registry.register("audit_events_left_out", help, events_left_out.clone());
        let audit_findings = Counter::default();
        let help = "What this server found wrong with its audit log";
        registry.register("audit_findings", help, audit_findings.clone());
        let forwards = ForwardMetrics::register(&mut registry);
        let (listener_connected, listener_silence) = (Family::default(), Family::default());
        let help = "1 while the server is connected to hear of other servers' commits";
        registry.register("listener_connected", help, listener_connected.clone());
        let help = "Time since the server was last known to hear of every commit";
        let silence = listener_silence.clone();
        registry.register_with_unit("listener_silence", help, Unit::Seconds, silence);
        let (certificate_expiry, reloads_failed, handshakes_failed) =
            (Family::default(), Family::default(), Family::default());
        let help = "End of the certificate in seconds since 1970";
        registry.register(
            "tls_certificate_expiry_timestamp_seconds",
            help,
            certificate_expiry.clone(),
        );
        let help = "Changed files of the certificate that could not be used";
        registry.register("tls_reloads_failed", help, reloads_failed.clone());
        let help = "Handshakes of TLS that failed";
        registry.register("tls_handshakes_failed", help, handshakes_failed.clone());
        let messages = Family::default();
        let help =
            "Attempts to send a message: sent, put off until the next attempt, or failed for good";
        registry.register("messages", help, messages.clone());
        Self {
            registry,
            requests,
            durations,
            waiting,
            connections,
            displaced,
            refused,
            stranger_bytes,
            events_left_out,
            audit_findings,
            forwards,
            listener_connected,
            listener_silence,
            certificate_expiry,
            reloads_failed,
            handshakes_failed,
            messages,
        }
    }

    /// Counts an answer and its duration.
    pub fn record(&self, operation: &'static str, status: StatusCode, timer: &Timer) {
        self.requests.get_or_create(&RequestLabels { operation, status: status.as_u16() }).inc();
        self.durations.observe(timer.elapsed().as_secs_f64());
    }

    /// All metrics as text, with what the server holds at the moment.
    #[must_use]
    pub fn text(&self, load: &Load<'_>) -> String {
        let Load { waiting, connections, stranger_bytes, strangers, audit_findings, .. } = *load;
        let gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        self.waiting.set(gauge(waiting));
        self.connections.set(gauge(connections.count()));
        self.stranger_bytes.set(gauge(stranger_bytes));
        self.displaced.inner().store(connections.displaced(), Ordering::Relaxed);
        self.refused.inner().store(connections.refused(), Ordering::Relaxed);
        let rejected = (REJECTED_CREDENTIALS, strangers.rejected().left_out_total());
        let kinds = StrangerKind::ALL.map(|kind| (kind.as_str(), strangers.left_out_total(kind)));
        for (kind, left_out_total) in kinds.into_iter().chain([rejected]) {
            let counter = self.events_left_out.get_or_create(&KindLabels { kind });
            counter.inner().store(left_out_total, Ordering::Relaxed);
        }
        self.audit_findings.inner().store(audit_findings, Ordering::Relaxed);
        self.forwards.set(load.forwards);
        if let Some(listening) = load.listening {
            self.listener_connected.get_or_create(&[]).set(listening.is_connected.into());
            if let Some(heard_ms_ago) = listening.heard_ms_ago {
                let silence = Duration::from_millis(heard_ms_ago).as_secs_f64();
                self.listener_silence.get_or_create(&[]).set(silence);
            }
        }
        if let Some(certificate) = load.certificate {
            let expiry = i64::try_from(certificate.expiry_s()).unwrap_or(i64::MAX);
            self.certificate_expiry.get_or_create(&[]).set(expiry);
            for (counter, count) in [
                (&self.reloads_failed, certificate.reloads_failed()),
                (&self.handshakes_failed, certificate.handshakes_failed()),
            ] {
                counter.get_or_create(&[]).inner().store(count, Ordering::Relaxed);
            }
        }
        if let Some(Totals { sent, put_off, failed }) = load.messages {
            for (outcome, count) in [("sent", sent), ("put_off", put_off), ("failed", failed)] {
                let counter = self.messages.get_or_create(&OutcomeLabels { outcome });
                counter.inner().store(count, Ordering::Relaxed);
            }
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).ok();
        named_like_samples(&text)
    }
}

/// Gives the help and the type of counters the name of their samples.
// OpenMetrics 1.0 leaves `_total` out of the name of a counter; the text format of Prometheus does not.
fn named_like_samples(text: &str) -> String {
    let counter = |line: &str| {
        let name = line.strip_prefix("# TYPE ")?.strip_suffix(" counter")?;
        Some(name.to_owned())
    };
    let counters: Vec<String> = text.lines().filter_map(counter).collect();
    let mut named = String::with_capacity(text.len() + 16 * counters.len());
    for line in text.lines() {
        let mut words = line.splitn(4, ' ');
        match (words.next(), words.next(), words.next(), words.next()) {
            (Some("#"), Some(what @ ("HELP" | "TYPE")), Some(name), Some(rest))
                if counters.iter().any(|counter| counter == name) =>
            {
                named.extend(["# ", what, " ", name, "_total ", rest]);
            }
            _ => named.push_str(line),
        }
        named.push('\n');
    }
    named
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_on_postgresql_tells_how_it_listens() {
        let (metrics, connections, strangers) =
            (Metrics::new(), crate::connections::testing::connections(1), Strangers::default());
        let load = |listening| Load {
            waiting: 0,
            connections: &connections,
            stranger_bytes: 0,
            strangers: &strangers,
            audit_findings: 0,
            forwards: &[],
            listening,
            certificate: None,
            messages: None,
        };
        assert!(!metrics.text(&load(None)).contains("\nportico_listener"));
        let listening =
            Listening { is_connected: true, heard_ms_ago: Some(250), ..Listening::default() };
        let text = metrics.text(&load(Some(listening)));
        assert!(text.contains("\nportico_listener_connected{} 1\n"), "{text}");
        assert!(text.contains("\nportico_listener_silence_seconds{} 0.25\n"), "{text}");
    }

    #[test]
    fn a_counter_has_the_help_of_its_samples() {
        let text = "# HELP a_b Help of it.\n# TYPE a_b counter\na_b_total 1\n\
            # HELP c Other.\n# TYPE c gauge\nc 2\n# EOF\n";
        let named = "# HELP a_b_total Help of it.\n# TYPE a_b_total counter\na_b_total 1\n\
            # HELP c Other.\n# TYPE c gauge\nc 2\n# EOF\n";
        assert_eq!(named_like_samples(text), named);
    }
}
