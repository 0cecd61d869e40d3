//! The texts of messages, in plain language: who asked, what to do, when it ends, and what to do if it was not expected.
//!
//! INVARIANT: no text of a person is in a header. Subjects are constants, and the recipient is an address alone.

use jiff::Timestamp;
use model::invisible::is_blank;
use model::message::Message;

use crate::content::Content;
use crate::layout::{Layout, Part};
use crate::mailer::Mail;

/// Maximum number of characters of a name in a message, so that a name is no message of its own.
const NAME_CHARS_MAX: usize = 64;

/// Composes the mail of a message.
#[must_use]
pub fn compose(public_url: &str, message: &Message, content: &Content) -> Mail {
    let place = Place { url: public_url, message };
    let layout = match content {
        Content::PasswordReset { display_name, user_name, one_time_password } => {
            password_reset(&place, display_name, user_name, one_time_password)
        }
        Content::Test => test(&place),
    };
    Mail {
        id: message.id.to_string(),
        to: message.recipient.to_string(),
        subject: layout.subject.to_owned(),
        text: layout.text(),
        html: layout.html(),
        created_at_ms: message.created_at_ms,
    }
}

/// Server and message that a text is about.
struct Place<'a> {
    url: &'a str,
    message: &'a Message,
}

impl Place<'_> {
    /// The subject of a sentence that tells who asked.
    fn requester(&self) -> String {
        match shown(&self.message.requested_by) {
            name if name.is_empty() => "An administrator".to_owned(),
            name => format!("An administrator ({name})"),
        }
    }

    fn host(&self) -> &str {
        self.url.split_once("://").map_or(self.url, |(_, host)| host)
    }
}

fn password_reset(
    place: &Place<'_>,
    display_name: &str,
    user_name: &str,
    one_time_password: &str,
) -> Layout {
    let until = moment(place.message.expires_at_ms);
    Layout {
        subject: "A one-time password for your account",
        greeting: format!("Hello {},", shown(display_name)),
        parts: vec![
            Part::Paragraph(format!(
                "{} reset your password at {}. Your former password does not work any more, and you are signed out \
                 everywhere.",
                place.requester(),
                place.host()
            )),
            Part::Paragraph("Sign in with this one-time password, and choose a new one:".to_owned()),
            Part::Facts(vec![
                ("User name", shown(user_name)),
                ("One-time password", one_time_password.to_owned()),
                ("Good until", until),
            ]),
            Part::Button("Sign in", format!("{}/start", place.url)),
            Part::Paragraph(
                "It works once. Keep it to yourself: an administrator never asks for it.".to_owned(),
            ),
            Part::Paragraph(
                "If you did not expect this message, do not use the password, and ask your administrator in another \
                 way than by answering this mail."
                    .to_owned(),
            ),
        ],
        footer: format!("Sent by Portico at {}.", place.host()),
    }
}

fn test(place: &Place<'_>) -> Layout {
    Layout {
        subject: "Test message",
        greeting: "Hello,".to_owned(),
        parts: vec![
            Part::Paragraph(format!(
                "{} sent this message from {} to see whether mail arrives. It does.",
                place.requester(),
                place.host()
            )),
            Part::Paragraph(
                "There is nothing to do. If you know nothing of it, you can delete it.".to_owned(),
            ),
        ],
        footer: format!("Sent by Portico at {}.", place.host()),
    }
}

/// A name as a message shows it: on one line, without what is not seen or turns the direction of writing, and not long.
fn shown(name: &str) -> String {
    let seen: String = name.chars().filter(|c| c.is_whitespace() || !is_hidden(*c)).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = line.chars();
    let kept: String = chars.by_ref().take(NAME_CHARS_MAX).collect();
    if chars.next().is_none() { kept } else { kept + "…" }
}

fn is_hidden(c: char) -> bool {
    c.is_control() || is_blank(c.encode_utf8(&mut [0; 4]))
}

fn moment(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use model::message::{MessageKind, MessageStatus};

    use super::*;

    #[test]
    fn a_name_is_shown_on_one_line_without_what_is_not_seen() {
        for (name, seen) in [
            ("Alice Example", "Alice Example"),
            ("Alice\r\nBcc: eve@example.com", "Alice Bcc: eve@example.com"),
            ("\u{202e}ecilA\u{200b}\u{3164}", "ecilA"),
            ("Zo\u{e9} 東京 🦀", "Zo\u{e9} 東京 🦀"),
            ("a\u{a0}\u{3000}\tb", "a b"),
            ("\u{7f}\u{1b}[31mred", "[31mred"),
        ] {
            assert_eq!(shown(name), seen, "{name:?}");
        }
        assert_eq!(shown(&"é".repeat(65)), "é".repeat(64) + "…");
    }

    const URL: &str = "https://sso.example.com";

    fn message(kind: MessageKind) -> Message {
        Message {
            identity_store_id: "d-0123456789".parse().unwrap(),
            id: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            user_id: None,
            kind,
            recipient: "alice@example.com".parse().unwrap(),
            status: MessageStatus::Waiting,
            content: None,
            reason: None,
            attempts: 0,
            due_ms: 0,
            requested_by: "bob".to_owned(),
            created_at_ms: 1_800_000_000_000,
            updated_at_ms: 0,
            expires_at_ms: 1_800_086_400_000,
        }
    }

    /// Compares a text with a file of `docs/mail`. A file that is missing is written: delete it to renew it.
    fn compare(name: &str, text: &str) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mail/").to_owned() + name;
        let Ok(kept) = std::fs::read_to_string(&path) else {
            std::fs::write(&path, text).unwrap();
            panic!("{path} was missing and is written: look at it");
        };
        assert_eq!(kept, text, "delete {path} and run the test to renew it");
    }

    #[test]
    fn the_previews_in_the_documentation_are_true() {
        let password_reset = Content::PasswordReset {
            display_name: "Alice Example".to_owned(),
            user_name: "alice".to_owned(),
            one_time_password: "k7mqx2vphw9rtfzc4naj".to_owned(),
        };
        for (name, content) in [("password-reset", password_reset), ("test", Content::Test)] {
            let mail = compose(URL, &message(content.kind()), &content);
            compare(&format!("{name}.txt"), &format!("Subject: {}\n\n{}", mail.subject, mail.text));
            compare(&format!("{name}.html"), &(mail.html + "\n"));
        }
    }
}
