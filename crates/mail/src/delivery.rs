//! The way of messages from the outbox to the mail server, a message at a time.
//!
//! INVARIANT: the mail is sent between two transactions: one claims the message with a lease, the other notes what came of
//! it. A server that dies between them leaves the message to its lease, and it is sent again: at least once.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use kernel::perform::retry;
use kernel::unwinding::contained;
use kernel::{Ctx, Portico, RequestInfo};
use model::message::{Message, MessageStatus};
use model::{AuditEvent, Fault};
use store::{message, user_password};

use crate::content::Content;
use crate::mailer::{Mailer, Refusal};
use crate::outbox;

/// Duration of a claim. It is longer than any attempt.
pub const LEASE_MS: i64 = 10 * 60 * 1000;

/// Pause after the first attempt in vain. Each further pause is twice as long, up to [`PAUSE_MS_MAX`].
const PAUSE_MS: i64 = 2000;

const PAUSE_MS_MAX: i64 = 10 * 60 * 1000;

/// Maximum time between two looks, in case a notification of another server was lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Maximum number of characters that are kept of the words of a mail server.
const REASON_CHARS_MAX: usize = 300;

/// Text in the place of a secret that a mail server repeated.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

const CLAIM: &str = "portico:ClaimMessage";
const SEND: &str = "portico:SendMessage";

/// Sends messages, and counts what came of them since the start.
pub struct Delivery {
    mailer: Box<dyn Mailer>,
    sent: AtomicU64,
    put_off: AtomicU64,
    failed: AtomicU64,
    /// Held while a message is sent.
    turn: Mutex<()>,
}

/// Numbers of messages since the start.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Totals {
    pub sent: u64,
    /// Attempts in vain after which there is another.
    pub put_off: u64,
    pub failed: u64,
}

impl Delivery {
    #[must_use]
    pub fn new(mailer: Box<dyn Mailer>) -> Self {
        let [sent, put_off, failed] = Default::default();
        Self { mailer, sent, put_off, failed, turn: Mutex::default() }
    }

    #[must_use]
    pub fn totals(&self) -> Totals {
        let [sent, put_off, failed] =
            [&self.sent, &self.put_off, &self.failed].map(|count| count.load(Ordering::Relaxed));
        Totals { sent, put_off, failed }
    }

    /// Sends messages until `stop` returns true. `portico.db.signals().job_added()` wakes it.
    pub fn run(&self, portico: &Portico, stop: &dyn Fn() -> bool) {
        while !stop() {
            let seen = portico.db.signals().jobs();
            match contained(|| self.send_one(portico)) {
                Ok(true) => {}
                Ok(false) => {
                    let patience = patience(portico).unwrap_or(PATIENCE);
                    portico.db.signals().wait_for_jobs(seen, patience);
                }
                Err(fault) => {
                    // The store tells of an outage, once.
                    if !matches!(fault, Fault::Unavailable(_)) {
                        tracing::error!(?fault, "a message could not be claimed or settled");
                    }
                    portico.db.signals().wait_for_jobs(seen, Duration::from_secs(1));
                }
            }
        }
    }

    /// Sends the message that is due first. Returns false if none is, and none is being sent by another thread.
    pub fn send_one(&self, portico: &Portico) -> Result<bool, Fault> {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
        let ctx = Ctx::new(portico, &caller, &request);
        let Some(claimed) = retry(portico, || claim(&ctx))? else { return Ok(false) };
        let span = tracing::info_span!("message", request_id = %request.id, message = %claimed.id);
        let _entered = span.enter();
        let outcome = self.attempt(&ctx, &claimed)?;
        retry(portico, || settle(&ctx, &claimed, &outcome))?;
        let count = match &outcome {
            Outcome::Sent => Some(&self.sent),
            Outcome::PutOff(_) => Some(&self.put_off),
            Outcome::Failed(_) => Some(&self.failed),
            Outcome::Ended(_) => None,
        };
        if let Some(count) = count {
            count.fetch_add(1, Ordering::Relaxed);
        }
        Ok(true)
    }

    /// Sends a claimed message, outside of any transaction.
    fn attempt(&self, ctx: &Ctx<'_>, claimed: &Message) -> Result<Outcome, Fault> {
        let (content, mail) = match contained(|| find_mail(ctx, claimed)) {
            Ok(Ok(found)) => found,
            Ok(Err(reason)) => return Ok(Outcome::Ended(reason)),
            Err(unavailable @ Fault::Unavailable(_)) => return Err(unavailable),
            // A row that cannot be read is not in the way of others.
            Err(fault) => {
                tracing::error!(?fault, "a message could not be read");
                return Ok(Outcome::Failed(
                    "The message could not be read: see the log.".to_owned(),
                ));
            }
        };
        Ok(match self.mailer.send(&mail) {
            Ok(()) => Outcome::Sent,
            Err(Refusal::ForNow(reason)) => Outcome::PutOff(kept(&reason, &content)),
            Err(Refusal::ForGood(reason)) => Outcome::Failed(kept(&reason, &content)),
        })
    }
}

/// What came of an attempt.
enum Outcome {
    Sent,
    PutOff(String),
    Failed(String),
    Ended(&'static str),
}

fn claim(ctx: &Ctx<'_>) -> Result<Option<Message>, Fault> {
    let permit = ctx.authorize(CLAIM, "*")?;
    let due_ms = message::next_due_ms(&mut ctx.read(&permit)?)?;
    if due_ms.is_none_or(|due_ms| due_ms > ctx.now_ms()) {
        return Ok(None);
    }
    let mut tx = ctx.portico.db.begin_claim(permit, ctx.stamp())?;
    let Some(claimed) = message::claim(&mut tx, LEASE_MS)? else { return Ok(None) };
    tx.commit(&event_of(&claimed))?;
    Ok(Some(claimed))
}

/// Composes the mail of a message, or tells why it is not to be sent any more.
fn find_mail(
    ctx: &Ctx<'_>,
    claimed: &Message,
) -> Result<Result<(Content, crate::Mail), &'static str>, Fault> {
    let permit = ctx.authorize(SEND, "*")?;
    let mut read = ctx.read(&permit)?;
    if let Some(user_id) = &claimed.user_id {
        let signer = user_password::find_signer(&mut read, &claimed.identity_store_id, user_id)?;
        if signer.is_none_or(|signer| !signer.is_enabled) {
            return Ok(Err("The person was disabled or deleted."));
        }
    }
    Ok(outbox::open(ctx, claimed)?.ok_or("What it is about has ended."))
}

fn settle(ctx: &Ctx<'_>, claimed: &Message, outcome: &Outcome) -> Result<(), Fault> {
    let permit = ctx.authorize(SEND, "*")?;
    let mut tx = ctx.begin(permit)?;
    let event = event_of(claimed);
    let event = match outcome {
        Outcome::Sent => {
            message::end(&mut tx, claimed, MessageStatus::Sent, None)?;
            event.answered("status", MessageStatus::Sent.as_str())
        }
        Outcome::Ended(reason) => {
            message::end(&mut tx, claimed, MessageStatus::Ended, Some(reason))?;
            event.answered("status", MessageStatus::Ended.as_str()).answered("reason", reason)
        }
        Outcome::PutOff(reason) => {
            let due_ms = tx.now_ms() + pause_ms(claimed.attempts);
            message::put_off(&mut tx, claimed, due_ms, reason)?;
            tracing::warn!(reason, attempts = claimed.attempts, "a message could not be sent yet");
            event.answered("status", MessageStatus::Waiting.as_str()).answered("reason", reason)
        }
        Outcome::Failed(reason) => {
            message::fail(&mut tx, claimed, reason)?;
            tracing::error!(
                reason,
                "a message was refused: hand it over (PorticoAdmin.GetMessage)"
            );
            event.answered("status", MessageStatus::Failed.as_str()).answered("reason", reason)
        }
    };
    tx.commit(&event)
}

fn event_of(message: &Message) -> AuditEvent {
    AuditEvent::new()
        .asked("identityStoreId", &message.identity_store_id)
        .asked("messageId", &message.id)
        .asked("kind", message.kind.as_str())
        .asked("attempt", message.attempts)
}

fn patience(portico: &Portico) -> Option<Duration> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = Ctx::new(portico, &caller, &request);
    let permit = ctx.authorize(CLAIM, "*").ok()?;
    let due_ms = message::next_due_ms(&mut ctx.read(&permit).ok()?).ok()??;
    let wait_ms = u64::try_from(due_ms - ctx.now_ms()).unwrap_or(0);
    Some(Duration::from_millis(wait_ms.max(1)).min(PATIENCE))
}

fn pause_ms(attempts: i64) -> i64 {
    (PAUSE_MS << (attempts - 1).clamp(0, 16)).min(PAUSE_MS_MAX)
}

/// What is kept of the words of a mail server.
fn kept(reason: &str, content: &Content) -> String {
    let plain: String = reason.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let plain = match content.secret() {
        Some(secret) => plain.replace(secret, HIDDEN),
        None => plain,
    };
    plain.chars().take(REASON_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_bound() {
        let pauses = [1, 2, 3, 9, 10, 100].map(pause_ms);
        assert_eq!(pauses, [2000, 4000, 8000, 512_000, 600_000, 600_000]);
    }

    #[test]
    fn the_words_of_a_mail_server_are_short_and_without_the_secret() {
        let content = Content::PasswordReset {
            display_name: String::new(),
            user_name: String::new(),
            one_time_password: "secret7".to_owned(),
        };
        assert_eq!(kept("550 no\r\nsecret7 here", &content), format!("550 no  {HIDDEN} here"));
        assert_eq!(kept(&"é".repeat(999), &Content::Test), "é".repeat(300));
    }
}
