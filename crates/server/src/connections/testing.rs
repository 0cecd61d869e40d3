//! Connections without sockets, for tests.

use std::sync::Arc;

use model::source_network::Networks;

use super::{Admission, Connection, Connections, admit};
use crate::shares::shares_of;

/// Connections of which one address may have `single_max`.
pub(crate) fn connections(single_max: usize) -> Arc<Connections> {
    Arc::new(Connections::new(shares_of(8 * single_max)))
}

/// The only connection of a server.
pub(crate) fn connection() -> Arc<Connection> {
    match admit(&connections(1), &Networks::of("192.0.2.1")) {
        Admission::Admitted(connection, _) => connection,
        Admission::Displacing | Admission::Refused => panic!("the server is empty"),
    }
}
