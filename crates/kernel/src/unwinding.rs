//! Panics in background work.
//!
//! A panic is a bug, but it must not end its thread: there are few background threads, and jobs and
//! the audit log depend on them. Unwinding drops the transaction, which rolls back. Locks recover
//! from poisoning.

use std::panic::{AssertUnwindSafe, catch_unwind};

use model::Fault;

/// Runs `work` and turns a panic into a fault. The panic hook has already logged the panic.
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
