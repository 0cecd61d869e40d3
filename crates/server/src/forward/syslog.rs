//! Syslog over TCP and TLS: RFC 5424 messages, with octet counting (RFC 6587 §3.4.1, RFC 5425 §4.3).
//!
//! Syslog has no acknowledgement, and what is written to a socket can be lost with its receiver. So each part has a
//! connection of its own: the sender ends its direction, and the receiver closes the connection when it has read
//! everything to that end.

use std::io::ErrorKind;
use std::sync::Arc;

use kernel::forwarding::{Parcel, ParcelEvent};
use protocol::timestamp;
use rustls::ClientConfig;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::dialling::connect;
use super::refusal::Refusal;
use super::target::Place;

/// RFC 5424 §6.2.1: facility 13, log audit.
const FACILITY: u8 = 13;

/// RFC 5424 §6.2.1: severity of an event of a request that was refused or failed.
const WARNING: u8 = 4;

/// RFC 5424 §6.2.1: severity of other events.
const INFORMATIONAL: u8 = 6;

pub(super) struct SyslogSink {
    pub(super) place: Place,
    pub(super) tls: Arc<ClientConfig>,
    /// Name of this server in messages.
    pub(super) host_name: String,
}

impl SyslogSink {
    pub(super) async fn send(&self, parcel: &Parcel) -> Result<(), Refusal> {
        let stream = connect(&self.place, &self.tls).await.map_err(Refusal::new)?;
        let (mut reader, mut writer) = tokio::io::split(stream);
        let mut frames = Vec::new();
        for event in &parcel.events {
            add_frame(&mut frames, &message(event, &self.host_name));
        }
        let mut answer = [0; 64];
        let write = async {
            writer.write_all(&frames).await?;
            writer.flush().await
        };
        tokio::select! {
            biased;
            closed = reader.read(&mut answer) => {
                let why = closed.err().map_or_else(String::new, |why| format!(": {why}"));
                return Err(Refusal::new(format!("it closed the connection before it had all events{why}")));
            }
            written = write => written.map_err(Refusal::new)?,
        }
        writer.shutdown().await.map_err(Refusal::new)?;
        loop {
            match reader.read(&mut answer).await {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                // rsyslog ends its direction without the `close_notify` of TLS. As on plain TCP, the end says that it has
                // read everything; a receiver that dies with unread bytes resets the connection.
                Err(why) if why.kind() == ErrorKind::UnexpectedEof => return Ok(()),
                Err(why) => return Err(Refusal::new(why)),
            }
        }
    }
}

fn add_frame(frames: &mut Vec<u8>, message: &str) {
    frames.extend_from_slice(message.len().to_string().as_bytes());
    frames.push(b' ');
    frames.extend_from_slice(message.as_bytes());
}

/// RFC 5424 §6: `<PRI>1 TIMESTAMP HOSTNAME APP-NAME PROCID MSGID STRUCTURED-DATA MSG`.
fn message(event: &ParcelEvent, host_name: &str) -> String {
    let severity = if event.is_failure { WARNING } else { INFORMATIONAL };
    let priority = FACILITY * 8 + severity;
    let (moment, name) = (timestamp::rfc_3339(event.at_ms), word(&event.name, 32));
    format!("<{priority}>1 {moment} {} portico - {name} - {}", word(host_name, 255), event.line)
}

/// RFC 5424 §6: printable ASCII of a bounded length, or `-`.
fn word(text: &str, chars_max: usize) -> String {
    let word: String = text.chars().filter(char::is_ascii_graphic).take(chars_max).collect();
    if word.is_empty() { "-".to_owned() } else { word }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_has_the_form_of_rfc_5424() {
        let event = |is_failure, name: &str| ParcelEvent {
            id: "1".to_owned(),
            at_ms: 1_800_000_000_000,
            name: name.to_owned(),
            is_failure,
            line: "{\"a\":\"\u{e9}\"}".to_owned(),
        };
        let text = message(&event(false, "CreateUser"), "id.example.com");
        assert_eq!(
            text,
            "<110>1 2027-01-15T08:00:00.000Z id.example.com portico - CreateUser - {\"a\":\"\u{e9}\"}"
        );
        let text = message(&event(true, "\u{e9} "), "");
        assert!(text.starts_with("<108>1 2027-01-15T08:00:00.000Z - portico - - - {"), "{text}");
        let mut frames = Vec::new();
        add_frame(&mut frames, "\u{e9}1");
        add_frame(&mut frames, "2");
        assert_eq!(frames, "3 \u{e9}11 2".as_bytes());
    }
}
