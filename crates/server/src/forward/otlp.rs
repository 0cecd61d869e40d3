//! Logs of the OpenTelemetry Protocol over HTTP, in JSON.
//!
//! OpenTelemetry Protocol 1.5: "OTLP/HTTP", "JSON Protobuf Encoding", "Partial Success", "Retryable Response Codes".

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, RETRY_AFTER, USER_AGENT};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use kernel::forwarding::{Parcel, ParcelEvent};
use model::Clock;
use rustls::ClientConfig;
use serde::Deserialize;
use serde_json::{Value, json};

use super::dialling::connect;
use super::refusal::Refusal;
use super::target::Place;
use crate::system::SystemClock;

/// Maximum number of bytes of an answer that are read.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// Longest pause that a target may ask for.
const PAUSE_MAX: Duration = Duration::from_mins(10);

/// OpenTelemetry logs data model: severities INFO and WARN.
const INFO: (u8, &str) = (9, "INFO");
const WARN: (u8, &str) = (13, "WARN");

pub(super) struct OtlpSink {
    pub(super) place: Place,
    pub(super) path: String,
    pub(super) tls: Arc<ClientConfig>,
    /// Name of this server in records.
    pub(super) host_name: String,
}

/// `ExportLogsServiceResponse`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Response {
    partial_success: PartialSuccess,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct PartialSuccess {
    /// A 64-bit number, which JSON has as a text. Some receivers write a number.
    rejected_log_records: Value,
    error_message: String,
}

impl OtlpSink {
    pub(super) async fn send(&self, parcel: &Parcel) -> Result<u64, Refusal> {
        let stream = connect(&self.place, &self.tls).await.map_err(Refusal::new)?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(Refusal::new)?;
        // The connection ends when its sender goes.
        let answering = async move {
            let answer = sender.send_request(self.request(parcel)?).await.map_err(Refusal::new)?;
            let (head, body) = answer.into_parts();
            let body =
                Limited::new(body, ANSWER_BYTES_MAX).collect().await.map_err(Refusal::new)?;
            taken(head.status, &head.headers, &body.to_bytes())
        };
        let (answer, _) = tokio::join!(answering, connection);
        answer
    }

    fn request(&self, parcel: &Parcel) -> Result<Request<Full<Bytes>>, Refusal> {
        let Place { host, port, .. } = &self.place;
        let host = if host.contains(':') { format!("[{host}]") } else { host.clone() };
        let body = body(parcel, &self.host_name).to_string();
        Request::post(self.path.as_str())
            .header(HOST, format!("{host}:{port}"))
            .header(CONTENT_TYPE, "application/json")
            .header(USER_AGENT, concat!("portico/", env!("CARGO_PKG_VERSION")))
            .body(Full::new(Bytes::from(body)))
            .map_err(Refusal::new)
    }
}

/// Reads an answer. Returns the number of records that the target rejected, which are not to be sent again.
fn taken(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Result<u64, Refusal> {
    if !status.is_success() {
        return Err(Refusal {
            why: format!("it answered {status}"),
            retry_after: headers.get(RETRY_AFTER).and_then(|value| pause(value.to_str().ok()?)),
        });
    }
    let PartialSuccess { rejected_log_records: rejected, error_message } =
        serde_json::from_slice::<Response>(body).unwrap_or_default().partial_success;
    let rejected = rejected.as_u64().or_else(|| rejected.as_str()?.parse().ok()).unwrap_or(0);
    if rejected > 0 || !error_message.is_empty() {
        let message: String = error_message.chars().take(200).collect();
        tracing::warn!(rejected, message, "a target of --audit-forward rejected audit events");
    }
    Ok(rejected)
}

/// Reads a pause in seconds or up to a date (RFC 9110 §10.2.3).
fn pause(text: &str) -> Option<Duration> {
    let seconds = text.trim().parse().ok().map(Duration::from_secs);
    let until = || {
        let moment = httpdate::parse_http_date(text).ok()?;
        let moment_ms = moment.duration_since(std::time::UNIX_EPOCH).ok()?.as_millis();
        let now_ms = u128::try_from(SystemClock.now_ms()).ok()?;
        u64::try_from(moment_ms.saturating_sub(now_ms)).ok().map(Duration::from_millis)
    };
    seconds.or_else(until).map(|pause| pause.min(PAUSE_MAX))
}

/// `ExportLogsServiceRequest`.
fn body(parcel: &Parcel, host_name: &str) -> Value {
    let records: Vec<Value> = parcel.events.iter().map(|event| record(parcel, event)).collect();
    json!({"resourceLogs": [{
        "resource": {"attributes": [
            attribute("service.name", "portico"),
            attribute("host.name", host_name),
        ]},
        "scopeLogs": [{"scope": {"name": "portico.audit"}, "logRecords": records}],
    }]})
}

fn record(parcel: &Parcel, event: &ParcelEvent) -> Value {
    let (number, text) = if event.is_failure { WARN } else { INFO };
    let nanos = |ms: i64| format!("{}", i128::from(ms) * 1_000_000);
    json!({
        "timeUnixNano": nanos(event.at_ms),
        "observedTimeUnixNano": nanos(parcel.sealed_at_ms),
        "severityNumber": number,
        "severityText": text,
        "eventName": event.name,
        "body": {"stringValue": event.line},
        "attributes": [
            attribute("log.record.uid", &event.id),
            {"key": "portico.audit.digest", "value": {"intValue": parcel.digest.to_string()}},
        ],
    })
}

fn attribute(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, retry_after: Option<&str>, body: &str) -> Result<u64, Refusal> {
        let mut headers = HeaderMap::new();
        if let Some(text) = retry_after {
            headers.insert(RETRY_AFTER, text.parse().unwrap());
        }
        taken(StatusCode::from_u16(status).unwrap(), &headers, body.as_bytes())
    }

    #[test]
    fn rejected_records_are_counted_and_count_as_taken() {
        for (body, rejected) in [
            ("", 0),
            ("{}", 0),
            ("no JSON", 0),
            (r#"{"partialSuccess":{}}"#, 0),
            (r#"{"partialSuccess":{"rejectedLogRecords":"3","errorMessage":"too old"}}"#, 3),
            (r#"{"partialSuccess":{"rejectedLogRecords":4}}"#, 4),
        ] {
            assert_eq!(answered(200, None, body), Ok(rejected), "{body}");
        }
    }

    #[test]
    fn a_refusal_says_when_to_come_again() {
        for (status, retry_after, pause_s) in [
            (429, Some("7"), Some(7)),
            (503, Some("99999"), Some(600)),
            (503, Some("Fri, 01 Jan 2100 00:00:00 GMT"), Some(600)),
            (503, Some("Thu, 01 Jan 1970 00:00:00 GMT"), Some(0)),
            (503, Some("soon"), None),
            (400, None, None),
        ] {
            let refusal = answered(status, retry_after, "").unwrap_err();
            assert_eq!(refusal.retry_after, pause_s.map(Duration::from_secs), "{status}");
            assert!(refusal.why.contains(&status.to_string()));
        }
    }

    #[test]
    fn a_record_has_the_event_and_what_tells_it_from_others() {
        let event = ParcelEvent {
            id: "0a-1".to_owned(),
            at_ms: 1_800_000_000_001,
            name: "CreateUser".to_owned(),
            is_failure: true,
            line: "{}".to_owned(),
        };
        let parcel = Parcel { digest: 7, sealed_at_ms: 1_800_000_000_002, events: vec![event] };
        let body = body(&parcel, "id.example.com");
        let record = &body["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        assert_eq!(record["timeUnixNano"], "1800000000001000000");
        assert_eq!(record["observedTimeUnixNano"], "1800000000002000000");
        assert_eq!(
            (&record["severityNumber"], &record["body"]["stringValue"]),
            (&json!(13), &json!("{}"))
        );
        assert_eq!(record["attributes"][0]["value"]["stringValue"], "0a-1");
        assert_eq!(record["attributes"][1]["value"]["intValue"], "7");
    }
}
