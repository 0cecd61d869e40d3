//! Beats of a node: its row tells the others that it lives, and its own notice tells it that it hears.

use std::collections::BTreeMap;

use model::Fault;
use tokio_postgres::SimpleQueryMessage;

use super::is_plain;
use crate::engine::Listener;
use crate::signals::Signals;

/// Time without a beat after which the row of a node is deleted. Its lease is over by then. Without the row nobody
/// waits for its confirmations.
const SILENT_MS: u64 = 3000;

/// Beats of one session.
pub(super) struct Beats {
    number: u64,
    asked_ms: u64,
    /// Session that this process listened with before. Its row is deleted.
    before: Option<String>,
    /// The last beat of each session, and when this node first saw it.
    seen: BTreeMap<String, (String, u64)>,
}

impl Beats {
    pub(super) fn new(before: Option<String>) -> Self {
        Self { number: 0, asked_ms: 0, before, seen: BTreeMap::new() }
    }

    /// Sends a beat, reads the clock of the database, and deletes the rows of nodes that are silent. Returns when
    /// the beat was sent.
    pub(super) fn send(
        &mut self,
        listener: &mut Listener,
        signals: &Signals,
    ) -> Result<u64, Fault> {
        self.number += 1;
        self.asked_ms = signals.lease.now_ms();
        let (id, own, number) = (listener.id().to_owned(), listener.own_channel(), self.number);
        let gone = self.gone().concat();
        let jobs = if signals.take_untold_jobs() { "NOTIFY portico_job;" } else { "" };
        let agreement = signals.agreement().replace('\'', "''");
        // The statements are one transaction. No clock is in it: a row is alive while its beat rises. A row that was
        // deleted comes back with a number that nobody has seen, so that it is not taken for the silent one.
        let rows = listener.ask(&format!(
            "{gone}{jobs}
            INSERT INTO node (id, beat, agreement) VALUES ('{id}', {number}, '{agreement}')
                ON CONFLICT (id) DO UPDATE SET beat = excluded.beat;
            SELECT 'time' AS id, (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS beat
                UNION ALL SELECT id, beat FROM node;
            NOTIFY {own}, 'beat {number}'"
        ))?;
        self.before = None;
        let mut seen = BTreeMap::new();
        for row in rows {
            let SimpleQueryMessage::Row(row) = row else { continue };
            let (Some(session), Some(beat)) = (row.get("id"), row.get("beat")) else { continue };
            if session == "time" {
                if let Ok(database_ms) = beat.parse() {
                    signals.set_database_time(database_ms, self.asked_ms);
                }
                continue;
            }
            let before = self.seen.remove(session).filter(|(before, _)| before == beat);
            let (_, since_ms) = before.unwrap_or((String::new(), self.asked_ms));
            seen.insert(session.to_owned(), (beat.to_owned(), since_ms));
        }
        self.seen = seen;
        Ok(self.asked_ms)
    }

    /// Renews the lease if the notice is that of the last beat.
    pub(super) fn heard(&self, number: &str, signals: &Signals) {
        if number.parse() == Ok(self.number) {
            signals.heard(self.asked_ms);
        }
    }

    /// Statements that delete the rows of nodes that are silent, and the former one of this node.
    fn gone(&self) -> Vec<String> {
        let is_silent = |since_ms: u64| self.asked_ms.saturating_sub(since_ms) > SILENT_MS;
        let silent = self.seen.iter().filter(|(session, (beat, since_ms))| {
            is_silent(*since_ms) && is_plain(session) && is_plain(beat)
        });
        let silent = silent.map(|(session, (beat, _))| {
            format!("DELETE FROM node WHERE id = '{session}' AND beat = {beat};")
        });
        let before = self.before.iter().filter(|session| is_plain(session));
        let before = before.map(|session| format!("DELETE FROM node WHERE id = '{session}';"));
        silent.chain(before).collect()
    }
}

/// Deletes the own row, so that nobody waits for a node that was stopped.
pub(super) fn say_goodbye(listener: &mut Listener) -> Result<(), Fault> {
    let id = listener.id().to_owned();
    listener.ask(&format!("DELETE FROM node WHERE id = '{id}'")).map(drop)
}
