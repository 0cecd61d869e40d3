//! The mail server of the operator (SMTP, RFC 5321).
//!
//! INVARIANT: a message takes [`DEADLINE`] at most, however slowly the server answers. Sockets that block have a deadline for
//! each read alone, so a server that sends a byte from time to time would hold the thread for ever.

use std::error::Error as _;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, CertificateStore, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::extension::ClientId;
use mail::{Mail, Mailer, Refusal};
use tokio::runtime;
use tokio::time::timeout;

use crate::config::{MailServer, MailTls, Password, host_of};
use crate::mail_message::compose;

/// Deadline of a message, from the look-up of the server's name to its last answer. [`mail::delivery::LEASE_MS`] is longer.
const DEADLINE: Duration = Duration::from_mins(1);

/// Deadline of a connection to one address of the server.
const CONNECT_DEADLINE: Duration = Duration::from_secs(20);

/// Time for the end of the connection, once the server has taken the message.
const FAREWELL: Duration = Duration::from_secs(2);

/// Replies that refuse the sender's login, and not the message: RFC 4954 §6.
const OF_LOGIN: [u16; 4] = [530, 534, 535, 538];

/// The mail server, as the settings name it. Its files are read for each message, so renewed ones need no restart.
pub struct Smtp {
    server: MailServer,
    /// Name of this server, in its greeting and in the ids of messages.
    name: String,
    deadline: Duration,
}

/// How a server is spoken to: TLS if there are parameters, and a login.
struct Way {
    tls: Option<TlsParameters>,
    credentials: Option<Credentials>,
}

/// Step in which a server was lost, or refused something.
enum Trouble {
    /// It is about the server, whatever the message is: greeting, TLS, login.
    OfServer(Error),
    /// It is about the message.
    OfMessage(Error),
}

impl Smtp {
    /// Makes the way to the server, if there is one. Fails with a sentence about a file that cannot be used.
    pub fn try_new(server: Option<MailServer>, public_url: &str) -> Result<Option<Self>, String> {
        let Some(server) = server else { return Ok(None) };
        let name = host_of(public_url).unwrap_or_else(|| "localhost".to_owned());
        let smtp = Self { server, name, deadline: DEADLINE };
        smtp.way()?;
        Ok(Some(smtp))
    }

    fn way(&self) -> Result<Way, String> {
        let tls = match self.server.tls {
            MailTls::Wrapped | MailTls::Required | MailTls::Opportunistic => {
                Some(self.tls_parameters()?)
            }
            MailTls::None => None,
        };
        Ok(Way { tls, credentials: self.credentials()? })
    }

    /// Connects, and signs in.
    async fn connect(&self, way: Way) -> Result<AsyncSmtpConnection, Error> {
        let Way { tls, credentials } = way;
        let (wrapped, starttls) = match self.server.tls {
            MailTls::Wrapped => (tls, None),
            MailTls::Required | MailTls::Opportunistic | MailTls::None => (None, tls),
        };
        let address = (self.server.host.as_str(), self.server.port);
        let hello = ClientId::Domain(self.name.clone());
        let connect_deadline = Some(CONNECT_DEADLINE);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, connect_deadline, &hello, wrapped, None)
                .await?;
        let is_optional = self.server.tls == MailTls::Opportunistic;
        if let Some(parameters) = starttls
            && (connection.can_starttls() || !is_optional)
        {
            connection.starttls(parameters, &hello).await?;
        }
        if let Some(credentials) = &credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    async fn hand_over(&self, way: Way, message: &Message) -> Result<(), Trouble> {
        let mut connection = self.connect(way).await.map_err(Trouble::OfServer)?;
        let sent = connection.send(message.envelope(), &message.formatted()).await;
        sent.map_err(Trouble::OfMessage)?;
        // The server answers for the message. What happens to the connection changes nothing.
        timeout(FAREWELL, connection.abort()).await.ok();
        Ok(())
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
}

impl Mailer for Smtp {
    fn send(&self, mail: &Mail) -> Result<(), Refusal> {
        let message = compose(mail, &self.server.from, &self.name).map_err(Refusal::ForGood)?;
        let way = self.way().map_err(Refusal::ForNow)?;
        let runtime = runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|why| Refusal::ForNow(why.to_string()))?;
        let limited = async { timeout(self.deadline, self.hand_over(way, &message)).await };
        let outcome = runtime.block_on(limited);
        // A look-up of the server's name may still be running. Nothing waits for it.
        runtime.shutdown_background();
        match outcome {
            Ok(Ok(())) => Ok(()),
            Ok(Err(trouble)) => Err(refusal(&trouble, mail)),
            Err(_) => {
                let seconds = self.deadline.as_secs();
                Err(Refusal::ForNow(format!("the mail server took longer than {seconds} s")))
            }
        }
    }
}

/// A server that is away, or that refuses this program, takes the message later. One that refuses the message does not.
fn refusal(trouble: &Trouble, mail: &Mail) -> Refusal {
    let why = match trouble {
        Trouble::OfServer(why) => return Refusal::ForNow(words(why)),
        Trouble::OfMessage(why) => why,
    };
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
    if io.is_some_and(|io| io.kind() == ErrorKind::TimedOut) {
        return format!("the mail server did not answer within {} s", CONNECT_DEADLINE.as_secs());
    }
    why.to_string()
}

fn read(option: &str, path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|why| format!("{option} {}: {why}", path.display()))
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::{TcpListener, TcpStream};
    use std::thread::{self, JoinHandle};

    use super::*;

    /// Deadline of the tests whose server never comes to an end.
    const SHORT: Duration = Duration::from_millis(400);
    /// Deadline of the others, with room for a busy machine.
    const LONG: Duration = Duration::from_secs(30);

    /// What a server does with one connection.
    type Script = fn(&mut Peer);

    /// The server's end of a connection.
    struct Peer {
        stream: TcpStream,
        lines: BufReader<TcpStream>,
    }

    impl Peer {
        fn say(&mut self, line: &str) -> bool {
            self.stream.write_all(format!("{line}\r\n").as_bytes()).is_ok()
        }

        /// The next line of the client, or nothing if it has gone.
        fn hear(&mut self) -> String {
            let mut line = String::new();
            self.lines.read_line(&mut line).ok();
            line
        }

        /// Answers, and waits for the next command.
        fn answer(&mut self, line: &str) {
            self.say(line);
            self.hear();
        }

        /// Goes through a mail, up to the end of its content.
        fn take_content(&mut self) {
            self.answer("220 test");
            for reply in ["250 test", "250 sender", "250 recipient"] {
                self.answer(reply);
            }
            self.say("354 go on");
            while !matches!(self.hear().as_str(), ".\r\n" | "") {}
        }

        /// Sends a byte from time to time, until the client has gone.
        fn drip(&mut self) {
            while self.stream.write_all(b"2").is_ok() {
                thread::park_timeout(Duration::from_millis(20));
            }
        }
    }

    fn serve(script: Script) -> (u16, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let served = thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap());
            script(&mut Peer { stream, lines });
        });
        (port, served)
    }

    fn send_to(port: u16, deadline: Duration) -> Result<(), Refusal> {
        let server = MailServer {
            host: "127.0.0.1".to_owned(),
            port,
            tls: MailTls::None,
            user: None,
            password: Password::None,
            ca_file: None,
            from: "no-reply@example.com".parse().unwrap(),
        };
        let smtp = Smtp { server, name: "sso.example.com".to_owned(), deadline };
        smtp.send(&Mail {
            id: "m-1".to_owned(),
            to: "jane@example.com".to_owned(),
            subject: "Subject".to_owned(),
            text: "Text".to_owned(),
            html: "<p>Text".to_owned(),
            created_at_ms: 0,
        })
    }

    /// Sends a mail to a server of this script, and waits until the script is through.
    fn send(script: Script, deadline: Duration) -> Result<(), Refusal> {
        let (port, served) = serve(script);
        let outcome = send_to(port, deadline);
        served.join().unwrap();
        outcome
    }

    #[test]
    fn a_mail_is_sent_once_the_server_answers_for_it_whatever_it_says_then() {
        let ends: [Script; 3] = [
            |peer| {
                peer.take_content();
                peer.answer("250 taken");
                peer.say("221 bye");
            },
            |peer| {
                peer.take_content();
                peer.say("250 taken");
            },
            |peer| {
                peer.take_content();
                peer.say("250 taken");
                peer.drip();
            },
        ];
        for end in ends {
            assert_eq!(send(end, LONG), Ok(()));
        }
    }

    #[test]
    fn a_server_that_is_slow_is_left_at_the_deadline_whatever_it_sends() {
        let slow: [Script; 5] = [
            |peer| drop(peer.hear()),
            Peer::drip,
            |peer| {
                peer.answer("220 test");
                peer.drip();
            },
            |peer| {
                peer.take_content();
                peer.hear();
            },
            |peer| {
                peer.take_content();
                peer.drip();
            },
        ];
        for script in slow {
            let late = "the mail server took longer than 0 s";
            assert_eq!(send(script, SHORT), Err(Refusal::ForNow(late.to_owned())));
        }
    }

    #[test]
    fn a_server_that_closes_in_the_middle_gets_the_mail_later() {
        let closing: [Script; 4] = [
            |_| {},
            |peer| peer.answer("220 test"),
            |peer| {
                peer.answer("220 test");
                peer.answer("250 test");
            },
            Peer::take_content,
        ];
        for script in closing {
            let outcome = send(script, LONG);
            assert!(matches!(outcome, Err(Refusal::ForNow(_))), "{outcome:?}");
        }
        let (port, served) = serve(|_| {});
        drop(TcpStream::connect(("127.0.0.1", port)));
        served.join().unwrap();
        let outcome = send_to(port, LONG);
        assert!(matches!(outcome, Err(Refusal::ForNow(_))), "{outcome:?}");
    }

    #[test]
    fn a_refusal_of_the_server_delays_a_mail_and_one_of_the_mail_ends_it() {
        // RFC 5321 §3.1: a server may greet with 554.
        let of_server: [Script; 2] = [
            |peer| peer.answer("554 5.7.1 not from your address"),
            |peer| {
                peer.answer("220 test");
                for _ in 0..3 {
                    peer.answer("550 5.7.1 not by this name");
                }
            },
        ];
        for script in of_server {
            let outcome = send(script, LONG);
            let is_told =
                matches!(&outcome, Err(Refusal::ForNow(words)) if words.contains("5.7.1"));
            assert!(is_told, "{outcome:?}");
        }
        let outcome = send(
            |peer| {
                peer.answer("220 test");
                peer.answer("250 test");
                peer.answer("250 sender");
                peer.answer("550 5.1.1 no such person");
                peer.say("221 bye");
            },
            LONG,
        );
        let is_told = matches!(&outcome, Err(Refusal::ForGood(words)) if words.contains("5.1.1"));
        assert!(is_told, "{outcome:?}");
    }
}
