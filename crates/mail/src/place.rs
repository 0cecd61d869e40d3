//! What every text needs: the server that it is about, who asked, and names and times in words.

use jiff::Timestamp;
use model::invisible::is_blank;
use model::message::Message;

/// Maximum number of characters of a name in a message, so that a name is no message of its own.
const NAME_CHARS_MAX: usize = 64;

/// Server and message that a text is about.
pub(crate) struct Place<'a> {
    pub(crate) url: &'a str,
    pub(crate) message: &'a Message,
}

impl Place<'_> {
    /// The subject of a sentence that tells who asked.
    pub(crate) fn requester(&self) -> String {
        match shown(&self.message.requested_by) {
            name if name.is_empty() => "An administrator".to_owned(),
            name => format!("An administrator ({name})"),
        }
    }

    pub(crate) fn host(&self) -> &str {
        self.url.split_once("://").map_or(self.url, |(_, host)| host)
    }

    /// The end of what the message is about.
    pub(crate) fn until(&self) -> String {
        moment(self.message.expires_at_ms)
    }

    pub(crate) fn created_at(&self) -> String {
        moment(self.message.created_at_ms)
    }

    /// The address of a page, with a secret or a token in URL-safe letters.
    pub(crate) fn link(&self, path: &str, token: &str) -> String {
        format!("{}{path}?token={token}", self.url)
    }

    pub(crate) fn footer(&self) -> String {
        format!("Sent by Portico at {}.", self.host())
    }
}

/// A name as a message shows it: on one line, without what is not seen or turns the direction of writing, and not long.
pub(crate) fn shown(name: &str) -> String {
    let seen: String = name.chars().filter(|c| c.is_whitespace() || !is_hidden(*c)).collect();
    let line = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut chars = line.chars();
    let kept: String = chars.by_ref().take(NAME_CHARS_MAX).collect();
    if chars.next().is_none() { kept } else { kept + "…" }
}

fn is_hidden(c: char) -> bool {
    c.is_control() || is_blank(c.encode_utf8(&mut [0; 4]))
}

pub(crate) fn moment(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    at.strftime("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
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
}
