//! Connection on which a node hears the commits of the others.
//!
//! It polls PostgreSQL's client itself, because notices arrive without a question. Callers block, as everywhere in the
//! store.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use model::Fault;
use tokio::runtime::Runtime;
use tokio_postgres::{AsyncMessage, Client, Error, SimpleQueryMessage};

use super::postgres::{open, silent};

/// Maximum time to connect, and for the answer to a statement.
const PATIENCE: Duration = Duration::from_secs(2);

/// Number of probes without an answer after which TCP gives up the connection.
const PROBES: u32 = 2;

/// Listening connection. A failed one is dropped, never used again.
pub(crate) struct Listener {
    client: Arc<Client>,
    messages: Messages,
    heard: VecDeque<Notice>,
    id: String,
    /// Last, because what stands above may need it while it is dropped.
    runtime: Runtime,
}

/// Polls the connection for its next message.
type Messages =
    Box<dyn FnMut(&mut Context<'_>) -> Poll<Option<Result<AsyncMessage, Error>>> + Send>;

/// Notice that arrived.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Notice {
    pub(crate) channel: String,
    pub(crate) payload: String,
}

impl Listener {
    /// Connects and listens to what all nodes hear, and to a channel of its own.
    pub(crate) fn connect(url: &str) -> Result<Self, Fault> {
        let (runtime, client, mut connection) = open(url, PATIENCE, PROBES)?;
        let messages: Messages = Box::new(move |context| connection.poll_message(context));
        let (heard, id) = (VecDeque::new(), String::new());
        let mut listener = Self { client: Arc::new(client), messages, heard, id, runtime };
        // The start tells a session from an earlier one of the same process id.
        let id = "SELECT pid || '_' || (extract(epoch FROM backend_start) * 1000000)::bigint AS id
            FROM pg_stat_activity WHERE pid = pg_backend_pid()";
        let rows = listener.ask(id)?;
        let id = rows.iter().find_map(|message| {
            if let SimpleQueryMessage::Row(row) = message { row.get("id") } else { None }
        });
        let id = id.ok_or_else(|| Fault::broken("PostgreSQL does not show this session"))?;
        id.clone_into(&mut listener.id);
        let own = listener.own_channel();
        listener.ask(&format!(
            "LISTEN portico_authority; LISTEN portico_question; LISTEN portico_job; LISTEN portico_probe; LISTEN {own}"
        ))?;
        Ok(listener)
    }

    /// Returns the name of this session: digits and an underscore, different for each session.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the channel that only this session listens to.
    pub(crate) fn own_channel(&self) -> String {
        channel_of(&self.id)
    }

    /// Runs statements and returns the rows of all of them. What is heard meanwhile is kept for
    /// [`Listener::next`].
    pub(crate) fn ask(&mut self, sql: &str) -> Result<Vec<SimpleQueryMessage>, Fault> {
        let (client, sql) = (Arc::clone(&self.client), sql.to_owned());
        let mut asked = Box::pin(async move { client.simple_query(&sql).await });
        let answer = self.drive(PATIENCE, |_, context| asked.as_mut().poll(context))?;
        answer.ok_or_else(|| silent(PATIENCE))
    }

    /// Waits for the next notice, at most `patience`.
    pub(crate) fn next(&mut self, patience: Duration) -> Result<Option<Notice>, Fault> {
        let next = |heard: &mut VecDeque<Notice>, _: &mut Context<'_>| {
            heard.pop_front().map_or(Poll::Pending, |notice| Poll::Ready(Ok(notice)))
        };
        self.drive(patience, next)
    }

    /// Reads what arrives until `step` is ready; `None` if `patience` is over before.
    fn drive<T>(
        &mut self,
        patience: Duration,
        mut step: impl FnMut(&mut VecDeque<Notice>, &mut Context<'_>) -> Poll<Result<T, Error>>,
    ) -> Result<Option<T>, Fault> {
        let Self { messages, heard, runtime, .. } = self;
        let driven = poll_fn(|context| {
            loop {
                match messages(context) {
                    Poll::Ready(Some(Ok(AsyncMessage::Notification(notice)))) => {
                        let (channel, payload) = (notice.channel(), notice.payload());
                        let (channel, payload) = (channel.to_owned(), payload.to_owned());
                        heard.push_back(Notice { channel, payload });
                    }
                    Poll::Ready(Some(Ok(_))) => {}
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Err(broken(&error))),
                    Poll::Ready(None) => {
                        return Poll::Ready(Err(Fault::broken("PostgreSQL ended the connection")));
                    }
                    Poll::Pending => break,
                }
            }
            step(heard, context).map_err(|error| broken(&error))
        });
        let driven = runtime.block_on(async { tokio::time::timeout(patience, driven).await });
        driven.ok().transpose()
    }
}

/// The channel that the session with this id listens to.
pub(crate) fn channel_of(id: &str) -> String {
    format!("portico_{id}")
}

fn broken(error: &Error) -> Fault {
    Fault::Broken(format!("{error:?}"))
}
