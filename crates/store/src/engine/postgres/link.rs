//! A connection to PostgreSQL, with a deadline for each answer.
//!
//! Deadlines of the server (`statement_timeout`) end work that takes long. They do not help if the server itself
//! stands still, or if packets are dropped: then only the waiting side can give up.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Once;
use std::task::Poll;
use std::time::Duration;

use model::Fault;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::timeout;
use tokio_postgres::config::SslMode as Encryption;
use tokio_postgres::tls::MakeTlsConnect;
use tokio_postgres::{Client, Config, Error, Socket};

use super::faults::{fault, refused, refused_in_words, unconnected};
use super::hosts::{has_tcp, is_on_this_machine, name_addresses};
use super::ssl_options::{SslMode, take_options};
use super::tls::Connector;

/// Maximum wait for an answer, and for a connection. A request waits for one of them at most before it is refused.
const ANSWER_TIME_MAX: Duration = Duration::from_secs(4);

/// Deadlines at the server: a statement ends a little before its caller gives up, a lock sooner. A transaction that
/// its node has forgotten, for example because the node stands still, ends too and gives its locks back.
const SERVER_DEADLINES: &str = "SET statement_timeout = '3500ms'; SET lock_timeout = '3s'; \
    SET idle_in_transaction_session_timeout = '15s'";

/// Every statement has an index. A read of a whole small table, which PostgreSQL prefers, would conflict with every
/// write to it in serializable transactions (decision 0031).
const BY_INDEX: &str = "SET enable_seqscan = off";

/// Deadlines of a connection whose statements no request waits for.
const NO_DEADLINES: &str = "SET statement_timeout = 0; SET lock_timeout = 0";

/// Idle time before TCP probes a connection, and time between probes.
const KEEPALIVE: Duration = Duration::from_secs(1);

/// Number of probes without an answer after which TCP gives up.
const PROBES: u32 = 3;

/// A connection of tokio-postgres that is not driven yet.
type Connection = tokio_postgres::Connection<Socket, <Connector as MakeTlsConnect<Socket>>::Stream>;

pub(super) struct Link {
    runtime: Runtime,
    client: Client,
    /// Whether an answer was given up. Then the connection has an answer that nobody waits for.
    is_given_up: bool,
    answer_time_max: Option<Duration>,
}

impl Link {
    /// Connects, and drives the connection while somebody waits for an answer.
    pub(super) fn connect(url: &str) -> Result<Self, Fault> {
        let (runtime, client, connection) = open(url, ANSWER_TIME_MAX, PROBES)?;
        runtime.spawn(connection);
        let answer_time_max = Some(ANSWER_TIME_MAX);
        let mut link = Self { runtime, client, is_given_up: false, answer_time_max };
        link.wait(async |client| client.batch_execute(SERVER_DEADLINES).await)?;
        link.wait(async |client| client.batch_execute(BY_INDEX).await)?;
        Ok(link)
    }

    pub(super) fn take_time(&mut self) -> Result<(), Fault> {
        self.wait(async |client| client.batch_execute(NO_DEADLINES).await)?;
        self.answer_time_max = None;
        Ok(())
    }

    /// Tells whether the server did not answer in time.
    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up
    }

    /// Fails if the server has closed the connection, as far as this side has heard of it.
    pub(super) fn require_open(&mut self) -> Result<(), Fault> {
        self.runtime.block_on(async {
            // First the runtime looks what has arrived, then the connection takes it.
            yield_now().await;
            yield_now().await;
        });
        if self.is_given_up || self.client.is_closed() {
            return Err(Fault::Unavailable("PostgreSQL has closed the connection".to_owned()));
        }
        Ok(())
    }

    /// Sends a statement whose answer decides nothing.
    pub(super) fn send<T>(
        &mut self,
        ask: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<(), Fault> {
        let Self { runtime, client, .. } = self;
        runtime.block_on(async {
            // The connection skips answers that nobody waits for.
            let mut asking = pin!(ask(client));
            let asked = poll_fn(|context| Poll::Ready(asking.as_mut().poll(context))).await;
            yield_now().await;
            match asked {
                Poll::Ready(Err(error)) => Err(fault(&error)),
                Poll::Ready(Ok(_)) | Poll::Pending => Ok(()),
            }
        })
    }

    /// Waits for an answer.
    pub(super) fn wait<T>(
        &mut self,
        ask: impl AsyncFnOnce(&Client) -> Result<T, Error>,
    ) -> Result<T, Fault> {
        if self.is_given_up {
            return Err(silent(ANSWER_TIME_MAX));
        }
        let Self { runtime, client, answer_time_max, .. } = self;
        let answer = async {
            match *answer_time_max {
                Some(time_max) => timeout(time_max, ask(client)).await.ok(),
                None => Some(ask(client).await),
            }
        };
        let Some(answer) = runtime.block_on(answer) else {
            self.is_given_up = true;
            return Err(silent(ANSWER_TIME_MAX));
        };
        answer.map_err(|error| fault(&error))
    }
}

/// Opens a connection and the runtime that it belongs to, within `time_max`. TCP gives up a peer that is silent for
/// that long, or for this number of probes.
pub(in crate::engine) fn open(
    url: &str,
    time_max: Duration,
    probes: u32,
) -> Result<(Runtime, Client, Connection), Fault> {
    let broken = |why| Fault::broken_at("starting the runtime of a connection to PostgreSQL", why);
    let runtime = Builder::new_current_thread().enable_all().build().map_err(broken)?;
    let (url, options) = take_options(url).map_err(|why| refused_in_words(&why))?;
    let mut config: Config = url.parse().map_err(|error| refused(&error))?;
    // Where nothing is sent, a cut connection would show only after the kernel's two hours.
    config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(probes);
    config.connect_timeout(time_max);
    if has_tcp(&config) {
        config.tcp_user_timeout(time_max);
    }
    if config.get_application_name().is_none() {
        config.application_name("portico");
    }
    name_addresses(&mut config);
    config.ssl_mode(match options.mode {
        // libpq: there is no TLS over a socket of this machine, whatever the mode.
        _ if !has_tcp(&config) => Encryption::Disable,
        SslMode::Disable => Encryption::Disable,
        SslMode::Prefer => Encryption::Prefer,
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => Encryption::Require,
    });
    let tls = Connector::new(&options).map_err(|why| refused_in_words(&why))?;
    let connecting = async { timeout(time_max, config.connect(tls.clone())).await };
    let connected = runtime.block_on(connecting).map_err(|_| silent(time_max))?;
    let (client, connection) = connected.map_err(|error| unconnected(&error))?;
    if options.mode == SslMode::Prefer && !is_on_this_machine(&config) {
        UNVERIFIED.call_once(|| warn_of_unverified(tls.is_used()));
    }
    Ok((runtime, client, connection))
}

/// Says once for a process that nothing was asked of a server on another machine.
static UNVERIFIED: Once = Once::new();

fn warn_of_unverified(is_encrypted: bool) {
    let what = if is_encrypted {
        "is encrypted, and nobody looks who answers"
    } else {
        "is not encrypted: the server offers no TLS, or somebody on the way says so"
    };
    tracing::warn!(
        "the connection to PostgreSQL on another machine {what}. Give --database with \
         sslmode=verify-full and sslrootcert=FILE, or say sslmode=disable (or require) if the network is safe"
    );
}

/// Makes the fault of a server that does not answer in time.
pub(in crate::engine) fn silent(time_max: Duration) -> Fault {
    Fault::Unavailable(format!("PostgreSQL did not answer within {} s", time_max.as_secs()))
}
