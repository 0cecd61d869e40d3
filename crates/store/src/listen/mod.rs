//! Listener of a node for the commits of other nodes of the same PostgreSQL database.
//!
//! Notices arrive in the order of the commits. So a node that hears a notice of its own, its beat, has heard of every
//! commit before that, and its lease is renewed (decision 0035).

mod beats;

use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use model::Fault;

use self::beats::{Beats, say_goodbye};
use crate::engine::{Engine, Listener, Notice, channel_of};
use crate::signals::Signals;

/// Pause between two beats, and between two attempts to connect.
const PAUSE: Duration = Duration::from_millis(500);

/// Maximum time for the notice that the start sends to arrive.
const PROBE: Duration = Duration::from_secs(3);

/// Connects, and fails unless what `other`, another connection to the database, says is heard.
pub(crate) fn connect(url: &str, other: &mut Engine) -> Result<Listener, Fault> {
    let mut listener = Listener::connect(url)?;
    other.command("NOTIFY portico_probe")?;
    match listener.next(PROBE)? {
        Some(_) => Ok(listener),
        None => Err(Fault::broken(
            "PostgreSQL does not deliver the notices by which servers hear of revocations. A pooler in transaction \
             or statement mode does not: in --database, give the address of PostgreSQL itself, or of a pooler in \
             session mode",
        )),
    }
}

/// Starts a thread that forwards notices until the database is closed.
pub(crate) fn listen(url: String, listener: Listener, signals: &Arc<Signals>) -> Result<(), Fault> {
    let handle = Handle(Arc::downgrade(signals));
    let thread = thread::Builder::new().name("listener".to_owned());
    thread
        .spawn(move || forward(&url, listener, &handle))
        .map_err(|why| Fault::broken_at("starting the thread that listens to PostgreSQL", why))?;
    Ok(())
}

/// Handle of the listener thread. INVARIANT: when the thread ends, for whatever reason, the lease
/// ends, so nothing is cached.
struct Handle(Weak<Signals>);

impl Drop for Handle {
    fn drop(&mut self) {
        if let Some(signals) = self.0.upgrade() {
            signals.disconnected();
        }
    }
}

fn forward(url: &str, mut listener: Listener, handle: &Handle) {
    let mut before = None;
    loop {
        let Err(fault) = hear(&mut listener, handle, before) else { return };
        let Some(signals) = handle.0.upgrade().filter(|signals| !signals.has_left()) else {
            return;
        };
        signals.disconnected();
        drop(signals);
        tracing::warn!(
            ?fault,
            "this server does not hear of the others' commits: until it does, each call asks the database"
        );
        before = Some(listener.id().to_owned());
        // A failed connection is never used again.
        drop(listener);
        listener = loop {
            thread::park_timeout(PAUSE);
            if handle.0.strong_count() == 0 {
                return;
            }
            if let Ok(connected) = Listener::connect(url) {
                break connected;
            }
        };
        tracing::info!("this server hears of the others' commits again");
    }
}

/// Forwards notices until the database is closed (`Ok`) or the connection fails.
fn hear(listener: &mut Listener, handle: &Handle, before: Option<String>) -> Result<(), Fault> {
    let mut beats = Beats::new(before);
    if let Some(signals) = handle.0.upgrade() {
        signals.connected(listener.id());
    }
    while let Some(signals) = handle.0.upgrade() {
        if signals.has_left() {
            return Ok(());
        }
        let asked_ms = beats.send(listener, &signals)?;
        loop {
            let passed = Duration::from_millis(signals.lease.now_ms().saturating_sub(asked_ms));
            let left = PAUSE.saturating_sub(passed);
            if left.is_zero() {
                break;
            }
            let Some(notice) = listener.next(left)? else { break };
            let mut notices = vec![notice];
            while let Some(notice) = listener.next(Duration::ZERO)? {
                notices.push(notice);
            }
            take(notices, listener, &signals, &beats)?;
        }
        if !signals.lease.is_held() && !signals.has_left() {
            return Err(Fault::broken("this server does not hear its own notices"));
        }
    }
    say_goodbye(listener)
}

/// Acts upon notices, and confirms those that ask for it.
fn take(
    notices: Vec<Notice>,
    listener: &mut Listener,
    signals: &Signals,
    beats: &Beats,
) -> Result<(), Fault> {
    let own = listener.own_channel();
    let mut confirmations = Vec::new();
    for Notice { channel, payload } in notices {
        let words: Vec<&str> = payload.split(' ').collect();
        match (channel.as_str(), words.as_slice()) {
            ("portico_job", _) => signals.job_added(),
            ("portico_authority" | "portico_question", words) => {
                // A question is no change. Its sender waits for the changes before it.
                if channel == "portico_authority" {
                    signals.authority_changed();
                }
                // A server of an earlier version asks for nothing.
                if let &[session, number] = words
                    && session != listener.id()
                    && is_plain(session)
                    && is_plain(number)
                {
                    let (channel, by) = (channel_of(session), listener.id());
                    confirmations.push(format!("NOTIFY {channel}, 'heard {number} {by}';"));
                }
            }
            (channel, &["beat", number]) if channel == own => beats.heard(number, signals),
            (channel, &["heard", number, by]) if channel == own => {
                if let Ok(number) = number.parse() {
                    signals.confirmations.confirm(number, by);
                }
            }
            _ => {}
        }
    }
    if !confirmations.is_empty() {
        listener.ask(&confirmations.concat())?;
    }
    Ok(())
}

/// Tells whether a word of a notice may stand in a statement: who may connect to the database may send any.
fn is_plain(word: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_digit() || byte == b'_';
    !word.is_empty() && word.len() <= 40 && word.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_nobody_listens_any_more_nothing_is_remembered() {
        let signals = Arc::new(Signals::of_many_nodes());
        let handle = Handle(Arc::downgrade(&signals));
        signals.connected("1_1");
        assert_eq!(signals.authority(), None);
        signals.heard(signals.lease.now_ms());
        assert!(signals.authority().is_some());
        // A panic of the thread drops the handle like this.
        drop(handle);
        assert_eq!(signals.authority(), None);
    }

    #[test]
    fn a_word_of_a_notice_is_digits() {
        assert!(is_plain("12_1700000000000000"));
        for word in ["", "1'; DROP TABLE node", "1 2", &"1".repeat(41)] {
            assert!(!is_plain(word), "{word}");
        }
    }
}
