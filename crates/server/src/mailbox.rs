//! The mailbox of a sandbox, in the place of a mail server.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mail::{Mail, Mailer, Refusal};
use protocol::timestamp::rfc_3339;
use serde_json::{Value, json};

/// Maximum number of mails that are kept. Older ones make room.
const MAILS_MAX: usize = 1000;

/// RFC 2606 §2: no address below this domain exists, so the mailbox refuses it as a mail server would.
const NOWHERE: &str = ".invalid";

/// The mails that were sent, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Mailbox(Arc<Mutex<VecDeque<Mail>>>);

impl Mailbox {
    /// Forgets all mails.
    pub fn empty(&self) {
        self.mails().clear();
    }

    /// The mails as JSON, newest last.
    #[must_use]
    pub fn json(&self) -> Value {
        let mails = self.mails();
        let one = |mail: &Mail| {
            json!({
                "to": mail.to,
                "subject": mail.subject,
                "text": mail.text,
                "html": mail.html,
                "sentAt": rfc_3339(mail.created_at_ms),
            })
        };
        mails.iter().map(one).collect()
    }

    fn mails(&self) -> MutexGuard<'_, VecDeque<Mail>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Mailer for Mailbox {
    fn send(&self, mail: &Mail) -> Result<(), Refusal> {
        if mail.to.ends_with(NOWHERE) {
            return Err(Refusal::ForGood("550 there is no such address".to_owned()));
        }
        let mut mails = self.mails();
        if mails.len() == MAILS_MAX {
            mails.pop_front();
        }
        mails.push_back(mail.clone());
        Ok(())
    }
}
