//! Likenesses in the database: unique keys under which names that look the same are equal.
//!
//! Rows that are older than the keys, or that an older program changed, get theirs from upkeep. Two
//! such rows can look the same: then the older one has the key, and the other is found by the exact
//! spelling of its name, without regard to case.

use model::Fault;
use model::likeness::Likeness;

use crate::row::{text, text_or_null};
use crate::{Row, Tx, Value};

/// Version of the rule that makes likenesses, which is stored beside them. It is even.
///
/// INVARIANT: a change of [`Likeness::of`] adds 2. Upkeep then makes the keys of all rows again.
pub const VERSION: i64 = 8;

/// Version that is stored instead of [`VERSION`] if a key of the row belongs to an older row.
pub(crate) const SHARED: i64 = VERSION - 1;

/// Version of a row's likenesses; 0 if a program that does not know them changed the row since. The indexes of
/// migration 0012 are over this expression, so it must stay as it is.
macro_rules! likeness_state {
    () => {
        "CASE WHEN likeness_revision = revision THEN likeness_version ELSE 0 END"
    };
}
pub(crate) use likeness_state;

/// Statements about a column of likenesses, each of which is unique among the rows of an owner.
pub(crate) struct Column {
    /// Selects the `id`, `created_at_ms` and `state` of the row of owner `$1` that has likeness `$2`.
    pub(crate) holder: &'static str,
    /// Takes the likeness from row `$2` of owner `$1`, whose version becomes `$3`.
    pub(crate) release: &'static str,
}

/// Row that asks for its likenesses.
pub(crate) struct Claimant<'a> {
    pub(crate) owner: &'a str,
    pub(crate) id: &'a str,
    pub(crate) created_at_ms: i64,
}

/// Answer to a claim.
pub(crate) struct Claim {
    /// NULL if there is no name, if its key is too long, or if the key belongs to an older row.
    likeness: Option<String>,
    is_shared: bool,
    /// True if the row did not have the likeness before.
    pub(crate) is_won: bool,
    /// Id of the younger row that the key was taken from.
    pub(crate) displaced: Option<String>,
}

impl Claim {
    /// Claim of a row whose name was found to be unique.
    pub(crate) fn unique(likeness: Option<&Likeness>) -> Self {
        let likeness = likeness.and_then(Likeness::indexed).map(str::to_owned);
        let is_won = likeness.is_some();
        Self { likeness, is_shared: false, is_won, displaced: None }
    }

    pub(crate) fn value(&self) -> Value {
        text_or_null(self.likeness.as_deref())
    }

    /// Version that a row with these claims stores.
    pub(crate) fn version<'a>(claims: impl IntoIterator<Item = &'a Self>) -> i64 {
        if claims.into_iter().any(|claim| claim.is_shared) { SHARED } else { VERSION }
    }
}

/// Claims a likeness for a row. Of two rows that look the same the one that was created first has it.
pub(crate) fn claim(
    tx: &mut Tx<'_>,
    column: &Column,
    claimant: &Claimant<'_>,
    likeness: Option<&Likeness>,
) -> Result<Claim, Fault> {
    let mut claim = Claim::unique(likeness);
    let Some(wanted) = &claim.likeness else { return Ok(claim) };
    let holder = tx.query_one(column.holder, &[text(claimant.owner), text(wanted)], holder)?;
    let Some(holder) = holder else { return Ok(claim) };
    if holder.id == claimant.id {
        return Ok(Claim { is_won: false, ..claim });
    }
    let released = match holder.state {
        // An older program changed the row. It claims the likeness of its new name later.
        0 => 0,
        _ if (holder.created_at_ms, holder.id.as_str()) < (claimant.created_at_ms, claimant.id) => {
            return Ok(Claim { likeness: None, is_shared: true, is_won: false, displaced: None });
        }
        _ => {
            claim.displaced = Some(holder.id.clone());
            SHARED
        }
    };
    tx.execute(column.release, &[text(claimant.owner), text(&holder.id), released.into()])?;
    Ok(claim)
}

struct Holder {
    id: String,
    created_at_ms: i64,
    /// Version of the likenesses; 0 if the row was changed without them.
    state: i64,
}

fn holder(row: &Row) -> Result<Holder, Fault> {
    Ok(Holder {
        id: row.text("id")?.to_owned(),
        created_at_ms: row.integer("created_at_ms")?,
        state: row.integer("state")?,
    })
}
