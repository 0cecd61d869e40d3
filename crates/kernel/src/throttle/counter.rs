//! A counter in the database: its scope, and how long its row is kept.

use model::Fault;
use sha2::{Digest, Sha256};
use store::Tx;
use store::sign_in_attempt::{AttemptScope, Attempts, find, put, remove};

use super::limit::{DAY_MS, Limit};

/// Maximum time for which failures are remembered, and time for which a successful sign-in is.
const FAILURES_KEPT_MS: i64 = DAY_MS;
const SUCCESS_KEPT_MS: i64 = 90 * DAY_MS;

/// Stores the state of a counter for as long as it has an effect.
pub fn keep(
    tx: &mut Tx<'_>,
    scope: &AttemptScope,
    limit: &Limit,
    attempts: &Attempts,
) -> Result<(), Fault> {
    let now_ms = tx.now_ms();
    let failures_until_ms = limit.ends_at_ms(attempts).min(now_ms + FAILURES_KEPT_MS);
    let success_until_ms =
        if attempts.succeeded_at_ms > 0 { attempts.succeeded_at_ms + SUCCESS_KEPT_MS } else { 0 };
    let keep_until_ms = failures_until_ms.max(success_until_ms);
    if keep_until_ms <= now_ms {
        return remove(tx, scope);
    }
    put(tx, scope, attempts, keep_until_ms)
}

/// A counter that was raised.
pub(super) struct Raised {
    scope: AttemptScope,
    limit: Limit,
    before: Attempts,
    after: Attempts,
}

/// Counts a failure.
pub(super) fn raise(
    tx: &mut Tx<'_>,
    scope: AttemptScope,
    limit: Limit,
    before: Attempts,
) -> Result<Raised, Fault> {
    let after = limit.fail(&before, tx.now_ms());
    keep(tx, &scope, &limit, &after)?;
    Ok(Raised { scope, limit, before, after })
}

impl Raised {
    /// Takes the failure back. A counter without any goes, and one that no other attempt has raised meanwhile is as it
    /// was: the time of its last failure is another attempt's.
    pub(super) fn take_back(&self, tx: &mut Tx<'_>) -> Result<(), Fault> {
        let attempts = find(tx, &self.scope)?;
        let lowered = if attempts == self.after {
            self.before
        } else {
            Attempts { failures: (attempts.failures - 1).max(0), ..attempts }
        };
        keep(tx, &self.scope, &self.limit, &lowered)
    }
}

/// Tells whether the user signed in from there recently.
pub(super) fn is_known(attempts: &Attempts, now_ms: i64) -> bool {
    attempts.succeeded_at_ms > 0 && now_ms - attempts.succeeded_at_ms < SUCCESS_KEPT_MS
}

// INVARIANT: the length precedes each part, so that different parts never have the same digest
// input.
#[must_use]
pub fn scope(parts: [&str; 4]) -> AttemptScope {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    digest.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_scope_cannot_lend_each_other_letters() {
        assert_ne!(scope(["a", "bc", "", ""]), scope(["a", "b", "c", ""]));
        assert_ne!(scope(["a", "b", "", ""]), scope(["a", "", "b", ""]));
    }
}
