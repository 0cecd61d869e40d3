//! The mail server of the operator (SMTP, RFC 5321).

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{
    Certificate, CertificateStore, Tls, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, Message, SmtpTransport, Transport};
use mail::{Mail, Mailer, Refusal};

use crate::config::{MailServer, MailTls, Password, host_of};

/// Deadline of each wait for the server. A message has at most a dozen of them, and [`mail::delivery::LEASE_MS`] is longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Replies that refuse the sender's login, and not the message: RFC 4954 §6.
const OF_LOGIN: [u16; 4] = [530, 534, 535, 538];

/// The mail server, as the settings name it. Its files are read for each message, so renewed ones need no restart.
pub struct Smtp {
    server: MailServer,
    /// Name of this server, in its greeting and in the ids of messages.
    name: String,
}

impl Smtp {
    /// Makes the way to the server, if there is one. Fails with a sentence about a file that cannot be used.
    pub fn try_new(server: Option<MailServer>, public_url: &str) -> Result<Option<Self>, String> {
        let Some(server) = server else { return Ok(None) };
        let name = host_of(public_url).unwrap_or_else(|| "localhost".to_owned());
        let smtp = Self { server, name };
        smtp.transport()?;
        Ok(Some(smtp))
    }

    fn transport(&self) -> Result<SmtpTransport, String> {
        let MailServer { host, port, tls, .. } = &self.server;
        let tls = match tls {
            MailTls::Wrapped => Tls::Wrapper(self.tls_parameters()?),
            MailTls::Required => Tls::Required(self.tls_parameters()?),
            MailTls::Opportunistic => Tls::Opportunistic(self.tls_parameters()?),
            MailTls::None => Tls::None,
        };
        let builder = SmtpTransport::builder_dangerous(host.as_str())
            .port(*port)
            .tls(tls)
            .hello_name(ClientId::Domain(self.name.clone()))
            .timeout(Some(PATIENCE));
        let builder = match self.credentials()? {
            Some(credentials) => builder.credentials(credentials),
            None => builder,
        };
        Ok(builder.build())
    }

    fn tls_parameters(&self) -> Result<TlsParameters, String> {
        let builder = TlsParametersBuilder::new(self.server.host.clone());
        let builder = match &self.server.ca_file {
            None => builder,
            Some(path) => {
                let pem = read("--smtp-ca-file", path)?;
                let ca = Certificate::from_pem(&pem)
                    .map_err(|why| format!("--smtp-ca-file {}: {why}", path.display()))?;
                builder.certificate_store(CertificateStore::None).add_root_certificate(ca)
            }
        };
        builder.build_rustls().map_err(|why| format!("TLS with {}: {why}", self.server.host))
    }

    fn credentials(&self) -> Result<Option<Credentials>, String> {
        let Some(user) = &self.server.user else { return Ok(None) };
        let password = match &self.server.password {
            Password::None => return Ok(None),
            Password::Text(text) => text.clone(),
            Password::File(path) => {
                let bytes = read("--smtp-password-file", path)?;
                let text = String::from_utf8(bytes).unwrap_or_default();
                let password = text.trim_end_matches(['\r', '\n']).to_owned();
                if password.is_empty() {
                    let path = path.display();
                    return Err(format!("--smtp-password-file {path} must hold a password"));
                }
                password
            }
        };
        Ok(Some(Credentials::new(user.clone(), password)))
    }

    fn message(&self, mail: &Mail) -> Result<Message, String> {
        let to = address(&mail.to)?;
        let sent_at =
            UNIX_EPOCH + Duration::from_millis(u64::try_from(mail.created_at_ms).unwrap_or(0));
        // RFC 3834 §5: no program answers it.
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        Message::builder()
            .from(self.server.from.clone())
            .to(Mailbox::new(None, to))
            .subject(mail.subject.clone())
            .date(sent_at)
            .message_id(Some(format!("<{}@{}>", mail.id, self.name)))
            .raw_header(automatic)
            .multipart(MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone()))
            .map_err(|why| format!("the message cannot be written: {why}"))
    }
}

impl Mailer for Smtp {
    fn send(&self, mail: &Mail) -> Result<(), Refusal> {
        let message = self.message(mail).map_err(Refusal::ForGood)?;
        let transport = self.transport().map_err(Refusal::ForNow)?;
        transport.send(&message).map(drop).map_err(|why| refusal(&why, mail))
    }
}

/// The address of a recipient, whose domain is in the form that name services have (RFC 5890).
fn address(text: &str) -> Result<Address, String> {
    let must = || format!("{text} is no address that mail can be sent to");
    let (user, domain) = text.rsplit_once('@').ok_or_else(must)?;
    let domain = idna::domain_to_ascii(domain).unwrap_or_else(|_| domain.to_owned());
    Address::new(user, domain).map_err(|_| must())
}

/// A server that refuses the login, or that is away, takes the message later. One that refuses the message does not.
fn refusal(why: &Error, mail: &Mail) -> Refusal {
    let is_login = why.status().is_some_and(|code| OF_LOGIN.contains(&u16::from(code)));
    // RFC 6531 §3.2: such an address needs an extension that this server does not have.
    let user = mail.to.rsplit_once('@').map_or("", |(user, _)| user);
    let needs_utf8 = why.is_client() && !user.is_ascii();
    let words = words(why);
    if (why.is_permanent() && !is_login) || needs_utf8 {
        return Refusal::ForGood(words);
    }
    Refusal::ForNow(words)
}

fn words(why: &Error) -> String {
    let io = why.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    // A socket whose deadline is over tells that it would block.
    let is_late = |kind| matches!(kind, ErrorKind::WouldBlock | ErrorKind::TimedOut);
    if io.is_some_and(|io| is_late(io.kind())) {
        return format!("the mail server did not answer within {} s", PATIENCE.as_secs());
    }
    why.to_string()
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|why| format!("{option} {}: {why}", path.display()))
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
