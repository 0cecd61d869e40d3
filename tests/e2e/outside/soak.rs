//! The test of [`crate::soak`] on PostgreSQL.

use crate::soak::assert_stays_flat;
use crate::support::{Database, Installation};

#[test]
fn a_mixed_load_leaves_the_server_as_it_was_on_postgresql() {
    assert_stays_flat(&Installation::on(Database::create()));
}
