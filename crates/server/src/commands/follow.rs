//! `portico audit export --follow`: prints events as they are sealed.

use std::io::{BufWriter, stdout};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use kernel::audit::export::Span;
use kernel::audit::follow::{Follow, Start};
use kernel::audit::position::Position;
use kernel::{Ctx, Portico};
use model::Fault;
use tokio::runtime;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::audit::are_no_events;
use super::reader::{Reader, has_stopped};
use super::{local_request, open_beside};
use crate::config::DataArgs;
use crate::words::say;

/// Time in which a reader that takes nothing is waited for after a signal. The line that it is at stays unfinished.
const END_TIMEOUT: Duration = Duration::from_secs(3);

/// Prints events as JSON lines, until a signal comes or the reader of the output stops.
pub fn follow(data: DataArgs, from: Option<&str>, after: Option<&str>) -> Result<(), String> {
    let start = match after {
        Some(after) => Start::Behind(position(after)?),
        None => Start::At { from_ms: Span::between(from, None).map_err(say)?.from_ms },
    };
    let beside = open_beside(data)?;
    let portico = Arc::clone(&beside.portico);
    let (caller, request) = (Portico::itself(), local_request(&portico));
    let follow = Follow::begin(&Ctx::new(&portico, &caller, &request), start).map_err(say)?;
    beside.seal()?;
    let (told, stopping) = mpsc::channel();
    let (ended, end) = oneshot::channel();
    let print = move || {
        ended.send(print(&portico, follow, &stopping)).ok();
    };
    // A thread of its own, because a write to a slow reader hears no signal.
    let thread = thread::Builder::new().name("follow".to_owned()).spawn(print);
    thread.map_err(|error| error.to_string())?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(wait_for_end(told, end)).map_err(|error| error.to_string())?
}

fn position(text: &str) -> Result<Position, String> {
    text.parse().map_err(|must| say(Fault::invalid("--after", must)))
}

async fn wait_for_end(
    told: mpsc::Sender<()>,
    mut end: oneshot::Receiver<Result<(), String>>,
) -> std::io::Result<Result<(), String>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::select! {
        outcome = &mut end => return Ok(outcome.unwrap_or(Ok(()))),
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    drop(told);
    Ok(timeout(END_TIMEOUT, end).await.ok().and_then(Result::ok).unwrap_or(Ok(())))
}

fn print(portico: &Portico, follow: Follow, stopping: &Receiver<()>) -> Result<(), String> {
    let (caller, request) = (Portico::itself(), local_request(portico));
    let ctx = Ctx::new(portico, &caller, &request);
    let mut out = BufWriter::new(Reader::of(stdout().lock()));
    let goes_on = |pause: Duration| {
        stopping.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) && !has_stopped(&stdout())
    };
    let left_out = follow.write(&ctx, service::is_read, &mut out, &goes_on);
    match left_out {
        Err(_) if out.get_ref().has_enough() => Ok(()),
        Ok(left_out) if left_out > 0 => Err(are_no_events(left_out)),
        outcome => outcome.map(drop).map_err(say),
    }
}
