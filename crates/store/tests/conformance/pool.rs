//! Idle connections.

mod postgres_engine {
    use crate::harness::{begin, read, with_postgres_cut, write};

    #[test]
    fn connections_that_were_cut_while_they_were_idle_cost_nobody_a_call() {
        with_postgres_cut(|db, cut| {
            // Two connections are cut, so that more than the next call would find a broken one.
            let (one, other) = (begin(db), begin(db));
            drop((one, other));
            cut();
            write(db, |_| ());
            cut();
            read(db, |_| ());
        });
    }
}
