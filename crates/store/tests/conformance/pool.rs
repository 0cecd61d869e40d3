//! Connections that wait to be used again.

mod postgres_engine {
    use crate::harness::{begin, read, with_postgres_cut, write};

    #[test]
    fn connections_that_were_cut_while_they_were_idle_cost_nobody_a_call() {
        with_postgres_cut(|db, cut| {
            // Two of them, so that more than the next call would find one.
            let (one, other) = (begin(db), begin(db));
            drop((one, other));
            cut();
            write(db, |_| ());
            cut();
            read(db, |_| ());
        });
    }
}
