//! The way out of the program: a mail, and who takes it.

/// A mail, ready to be sent.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Mail {
    /// Text that is the same at each attempt, so that a receiver can tell a repetition.
    pub id: String,
    /// Address of the recipient.
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// Time of the request, in milliseconds since 1970.
    pub created_at_ms: i64,
}

/// Takes mails: a mail server, or the mailbox of a sandbox.
pub trait Mailer: Send + Sync {
    /// Sends a mail. Returns once the other side answers for it, or at a deadline that is shorter than
    /// [`LEASE_MS`](crate::delivery::LEASE_MS).
    fn send(&self, mail: &Mail) -> Result<(), Refusal>;
}

/// Why a mail was not taken, in words for administrators.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// The server was away, or could not take it for now. A later attempt may succeed.
    ForNow(String),
    /// The server will not take this mail.
    ForGood(String),
}
