//! A mail as MIME (RFC 5322).

use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, Message};
use mail::Mail;

/// Writes a mail as MIME. `name` is this server's, for the id of the message.
pub(crate) fn compose(mail: &Mail, from: &Mailbox, name: &str) -> Result<Message, String> {
    let to = address(&mail.to)?;
    let sent_at =
        UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.created_at_ms).unwrap_or(0));
    // RFC 3834 §5: no program answers it.
    let automatic = HeaderValue::new(
        HeaderName::new_from_ascii_str("Auto-Submitted"),
        "auto-generated".to_owned(),
    );
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(mail.subject.clone())
        .date(sent_at)
        .message_id(Some(format!("<{}@{name}>", mail.id)))
        .raw_header(automatic)
        .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
        .map_err(|why| format!("the message cannot be written: {why}"))
}

/// The address of a recipient, whose domain is in the form that name services have (RFC 5890).
fn address(text: &str) -> Result<Address, String> {
    let must = || format!("{text} is no address that mail can be sent to");
    let (user, domain) = text.rsplit_once('@').ok_or_else(must)?;
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
    Address::new(user, domain).map_err(|_| must())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_domain_of_an_address_is_in_the_form_of_name_services() {
        assert_eq!(
            address("jane@bücher.example").unwrap().to_string(),
            "jane@xn--bcher-kva.example"
        );
        assert_eq!(address("jane+x@example.com").unwrap().to_string(), "jane+x@example.com");
        for text in [
            "jane@",
            "jane<x@example.com",
            "a\"b@example.com",
            "jane@exa>mple.com",
            "a,b@c.example",
        ] {
            assert!(address(text).is_err(), "{text}");
        }
    }
}
