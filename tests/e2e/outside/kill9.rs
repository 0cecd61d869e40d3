//! The test of [`crate::kill9`] on PostgreSQL.

use crate::kill9::assert_survives;
use crate::support::{Database, Installation};

#[test]
fn what_was_acknowledged_survives_ten_kills_on_postgresql() {
    assert_survives(&Installation::on(Database::create()));
}
