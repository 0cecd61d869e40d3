//! Messages to people: what they say, the outbox that keeps them, and their way to a mail server.
//!
//! An operation posts a message in its own transaction ([`outbox::post`]). It waits there, sealed, until a thread of a
//! server hands it to the mail server ([`Delivery`]), or an administrator reads it and hands it over
//! ([`outbox::open`]). Without a mail server messages simply wait (decision 0038).

pub mod content;
pub mod delivery;
mod layout;
pub mod letter;
mod mailer;
pub mod notice;
pub mod outbox;
mod place;
mod texts;

pub use content::Content;
pub use delivery::{Delivery, Totals};
pub use mailer::{Mail, Mailer, Refusal};
