//! The control routes of `portico sandbox`, which turn its clock and its state back.
//!
//! INVARIANT: these routes exist only in this mode, and this mode listens only on loopback.

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header, request};
use mail::Delivery;
use model::Fault;

use crate::core::Core;
use crate::mailbox::Mailbox;
use crate::movable_clock::MovableClock;

/// The path of every control route begins with this.
const PREFIX: &str = "/_sandbox/";

/// Maximum number of seconds that one request moves the clock: ten years.
const ADVANCE_SECONDS_MAX: i64 = 10 * 366 * 24 * 60 * 60;

/// Makes the first state.
pub type Founder = dyn Fn() -> Result<Core, Fault> + Send + Sync;

/// The clock, the first state and the mailbox of a sandbox.
pub struct Sandbox {
    pub clock: MovableClock,
    pub found: Box<Founder>,
    pub mailbox: Mailbox,
}

/// Tells whether a path is that of a control route.
#[must_use]
pub fn is_control_route(path: &str) -> bool {
    path.starts_with(PREFIX)
}

impl Sandbox {
    /// Answers a control route. After a reset there is a core to put in place.
    pub fn answer(
        &self,
        core: &Core,
        parts: &request::Parts,
        body: &Result<&Bytes, Fault>,
    ) -> (Response<Bytes>, Option<Core>) {
        // A page of another origin, shown by a browser on this machine, must not change anything.
        if parts.headers.contains_key(header::ORIGIN) {
            let text = r#"{"message":"not for pages"}"#;
            return (reply(StatusCode::FORBIDDEN, text.to_owned()), None);
        }
        let route = parts.uri.path().strip_prefix(PREFIX).unwrap_or_default();
        let response = match (&parts.method, route) {
            (&Method::POST, "reset") => return self.reset(),
            (&Method::POST, "clock") => self.advance(core, body),
            (&Method::GET, "mail") => self.list_mail(core),
            _ => reply(
                StatusCode::NOT_FOUND,
                r#"{"message":"POST /_sandbox/reset, POST /_sandbox/clock and GET /_sandbox/mail are here"}"#
                    .to_owned(),
            ),
        };
        (response, None)
    }

    fn reset(&self) -> (Response<Bytes>, Option<Core>) {
        // The first state is made at the time of the machine.
        let moves = self.clock.turn_back();
        match (self.found)() {
            Ok(core) => (reply(StatusCode::NO_CONTENT, String::new()), Some(core)),
            Err(fault) => {
                self.clock.restore(moves);
                tracing::error!(?fault, "the sandbox could not be reset");
                let text = r#"{"message":"the reset failed; see the log"}"#.to_owned();
                (reply(StatusCode::INTERNAL_SERVER_ERROR, text), None)
            }
        }
    }

    /// The messages that were sent, newest last. Those that are due are sent before.
    fn list_mail(&self, core: &Core) -> Response<Bytes> {
        let send_due = |delivery: &Delivery| {
            while delivery.send_one(&core.portico)? {}
            Ok(())
        };
        match core.delivery.as_deref().map_or(Ok(()), send_due) {
            Ok(()) => reply(StatusCode::OK, self.mailbox.json().to_string()),
            Err(fault) => {
                let fault: Fault = fault;
                tracing::error!(?fault, "the messages of the sandbox could not be sent");
                let text =
                    r#"{"message":"the messages could not be sent; see the log"}"#.to_owned();
                reply(StatusCode::INTERNAL_SERVER_ERROR, text)
            }
        }
    }

    fn advance(&self, core: &Core, body: &Result<&Bytes, Fault>) -> Response<Bytes> {
        match body.clone().and_then(|body| seconds_of(body)) {
            Ok(seconds) => {
                self.clock.advance(seconds * 1000);
                core.portico.db.signals().job_added();
                reply(StatusCode::OK, "{}".to_owned())
            }
            Err(fault) => {
                let message = protocol::sentence(&fault);
                let text = serde_json::json!({ "message": message }).to_string();
                reply(StatusCode::BAD_REQUEST, text)
            }
        }
    }
}

/// The seconds that a request moves the clock by: `{"advanceSeconds": 3600}`.
// Fields of AWS's protocols take numbers in strings too. Here a string is a mistake of the test.
fn seconds_of(body: &[u8]) -> Result<i64, Fault> {
    let seconds = serde_json::from_slice(body).ok().and_then(|body: serde_json::Value| {
        body.get("advanceSeconds")?.as_i64().filter(|it| (0..=ADVANCE_SECONDS_MAX).contains(it))
    });
    let must = || {
        format!("be a number from 0 to {ADVANCE_SECONDS_MAX}, as in {{\"advanceSeconds\": 3600}}")
    };
    seconds.ok_or_else(|| Fault::invalid("advanceSeconds", must()))
}

fn reply(status: StatusCode, json: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_moves_by_a_number_of_seconds() {
        for (body, seconds) in [
            (r#"{"advanceSeconds": 3600}"#, 3600),
            (r#"{"advanceSeconds": 0, "note": "x"}"#, 0),
            (r#"{"advanceSeconds": 316224000}"#, ADVANCE_SECONDS_MAX),
        ] {
            assert_eq!(seconds_of(body.as_bytes()), Ok(seconds), "{body}");
        }
        for body in [
            r#"{"advanceSeconds": "60"}"#,
            r#"{"advanceSeconds": -1}"#,
            r#"{"advanceSeconds": 1.5}"#,
            r#"{"advanceSeconds": 316224001}"#,
            r#"{"seconds": 60}"#,
            "60",
            "",
        ] {
            let refused = protocol::sentence(&seconds_of(body.as_bytes()).unwrap_err());
            assert!(
                refused.starts_with("advanceSeconds must be a number from 0"),
                "{body} {refused}"
            );
        }
    }
}
