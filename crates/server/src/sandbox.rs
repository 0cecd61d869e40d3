//! `portico sandbox`: the same server over a database in memory, with static administrator keys and
//! routes that turn its clock and its state back.
//!
//! INVARIANT: these routes exist in this mode alone, and this mode listens on loopback alone.

use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, Method, Response, StatusCode, header, request};
use model::Fault;
use protocol::Fields;

use crate::app::{Core, Site};
use crate::background::Background;
use crate::senses::MovableClock;

/// The clock moves at most this far at once: ten years.
const ADVANCE_SECONDS_MAX: i64 = 10 * 366 * 24 * 60 * 60;

/// Makes the first state.
pub type Founder = dyn Fn() -> Result<(Core, Background), Fault> + Send + Sync;

/// What only a sandbox has.
pub struct Sandbox {
    pub clock: MovableClock,
    pub found: Box<Founder>,
    /// The threads of the present state, and the lock that resets take turns on.
    pub background: Mutex<Option<Background>>,
}

impl Sandbox {
    /// Answers a control route.
    pub fn answer(
        &self,
        site: &Site,
        parts: &request::Parts,
        body: &Result<&Bytes, Fault>,
    ) -> Option<Response<Bytes>> {
        let route = parts.uri.path().strip_prefix("/_sandbox/")?;
        // A page of another origin that a browser on this machine shows must not turn anything.
        if parts.headers.contains_key(header::ORIGIN) {
            return Some(reply(StatusCode::FORBIDDEN, r#"{"message":"not for pages"}"#.to_owned()));
        }
        Some(match (&parts.method, route) {
            (&Method::POST, "reset") => self.reset(site),
            (&Method::POST, "clock") => self.advance(site, body),
            // No operation sends mail yet, so none was sent.
            (&Method::GET, "mail") => reply(StatusCode::OK, "[]".to_owned()),
            _ => reply(
                StatusCode::NOT_FOUND,
                r#"{"message":"POST reset, POST clock and GET mail are here"}"#.to_owned(),
            ),
        })
    }

    fn reset(&self, site: &Site) -> Response<Bytes> {
        let mut background = self.background.lock().unwrap_or_else(PoisonError::into_inner);
        match (self.found)() {
            Ok((core, threads)) => {
                site.replace_core(core);
                *background = Some(threads);
                reply(StatusCode::NO_CONTENT, String::new())
            }
            Err(fault) => {
                tracing::error!(?fault, "the sandbox could not be reset");
                let text = r#"{"message":"the reset failed; see the log"}"#.to_owned();
                reply(StatusCode::INTERNAL_SERVER_ERROR, text)
            }
        }
    }

    fn advance(&self, site: &Site, body: &Result<&Bytes, Fault>) -> Response<Bytes> {
        let seconds = body.clone().and_then(|body| Fields::from_json(body)).and_then(|fields| {
            let seconds = fields.integer("advanceSeconds", 0..=ADVANCE_SECONDS_MAX)?;
            seconds.ok_or_else(|| fields.missing("advanceSeconds"))
        });
        match seconds {
            Ok(seconds) => {
                self.clock.advance(seconds * 1000);
                site.core().portico.db.signals().job_added();
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

fn reply(status: StatusCode, json: String) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(json));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
