//! What the nodes of one database must have in common: each says it in its row, and one that starts with something
//! else is refused.

use std::collections::BTreeMap;
use std::time::Duration;

use model::Fault;

use crate::Db;
use crate::row::{Row, text};
use crate::signals::Changes;

/// Says in the row of this node what it has. The row may have no beat yet.
pub(crate) const JOIN: &str = "INSERT INTO node (id, beat, agreement) VALUES ($1, 0, $2)
    ON CONFLICT (id) DO UPDATE SET agreement = excluded.agreement";

/// Lists the nodes that have something else. Those of an earlier version say nothing.
pub(crate) const OTHERS: &str =
    "SELECT id, beat, agreement FROM node WHERE agreement NOT IN ('', $1)";

/// Ends the membership of a node.
pub(crate) const LEAVE: &str = "DELETE FROM node WHERE id = $1";

/// Pause between two looks at the beats of others.
const PAUSE: Duration = Duration::from_millis(250);

/// Number of looks that a row without a beat in between is not alive after: longer than a silent node keeps its row.
const LOOKS: u32 = 14;

/// Maximum number of attempts at a transaction that others disturb.
const ATTEMPTS_MAX: u32 = 5;

/// A node that has something else.
struct Other {
    id: String,
    beat: i64,
    agreement: String,
}

impl Db {
    /// Joins the nodes of this database. `agreement` is what all of them must have in common, in words for the
    /// operator. Fails if a node that is alive has something else.
    ///
    /// Each node writes its row before it looks at those of others. So of two that start at once, one is refused at
    /// least.
    pub fn join(&self, agreement: &str) -> Result<(), Fault> {
        let signals = self.signals();
        let Some(session) = signals.confirmations.session() else { return Ok(()) };
        signals.set_agreement(agreement);
        self.write_node(JOIN, &[&session, agreement])?;
        let mut beats = BTreeMap::new();
        for _ in 0..LOOKS {
            let others = self.others(agreement)?;
            if others.is_empty() {
                break;
            }
            for Other { id, beat, agreement: theirs } in others {
                let before = *beats.entry(id).or_insert(beat);
                if beat > before {
                    self.leave();
                    return Err(Fault::Broken(format!(
                        "another server of this database has {theirs}, and this one would have {agreement}. People \
                         would be sent from one to the other: give all servers the same, or stop the others first"
                    )));
                }
            }
            signals.wait_for_jobs(signals.jobs(), PAUSE);
        }
        Ok(())
    }

    /// Leaves the nodes of this database, after the last request, so that no revocation waits for this one.
    pub fn leave(&self) {
        let signals = self.signals();
        let (session, hears) = (signals.confirmations.session(), signals.authority().is_some());
        signals.leave();
        // A database that does not answer would hold up the end of the server. Without beats the row goes by itself.
        if let (Some(session), true) = (session, hears)
            && let Err(fault) = self.write_node(LEAVE, &[&session])
        {
            tracing::warn!(?fault, "revocations wait for this server for some seconds more");
        }
    }

    fn others(&self, agreement: &str) -> Result<Vec<Other>, Fault> {
        let read = |row: &Row| {
            Ok(Other {
                id: row.text("id")?.to_owned(),
                beat: row.integer("beat")?,
                agreement: row.text("agreement")?.to_owned(),
            })
        };
        self.lease_to_write()?.engine()?.query(OTHERS, &[text(agreement)], read)
    }

    fn write_node(&self, sql: &'static str, values: &[&str]) -> Result<(), Fault> {
        let values: Vec<_> = values.iter().map(|value| text(*value)).collect();
        let write = || {
            let mut lease = self.lease_to_write()?;
            lease.engine()?.execute(sql, &values)?;
            lease.commit(Changes::default(), self.signals())
        };
        let mut outcome = write();
        for _ in 1..ATTEMPTS_MAX {
            if outcome != Err(Fault::Contended) {
                break;
            }
            outcome = write();
        }
        outcome
    }
}
