//! Panics of work that nobody waits for.
//!
//! A panic is a bug, and the thread that it happens on is not the one to pay for it: work without a
//! request has few threads, and what they keep going (jobs, the audit log) must go on. What unwinds
//! drops its transaction, which rolls back; locks recover from poison.

use std::panic::{AssertUnwindSafe, catch_unwind};

use model::Fault;

/// What `work` does; if it panics, that is a fault like another. The panic is in the log already.
pub fn contained<T>(work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
    let panicked = |_| Err(Fault::broken("it panicked; what it had begun was rolled back"));
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(panicked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_fault_and_everything_else_is_as_it_was() {
        let panicked: Result<(), Fault> = contained(|| panic!("a bug"));
        assert!(matches!(panicked, Err(Fault::Broken(what)) if what.contains("panicked")));
        assert_eq!(contained(|| Ok(7)), Ok(7));
        assert_eq!(contained(|| Err::<(), _>(Fault::Busy)), Err(Fault::Busy));
    }
}
