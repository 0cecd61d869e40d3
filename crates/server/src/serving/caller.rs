//! What the requests of a connection are served with.

use std::error::Error;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use model::source_network::Networks;

use crate::app::Site;
use crate::connections::Connection;

/// The failure of a connection, for the log.
pub(super) type Failure = Box<dyn Error + Send + Sync>;

/// What the requests of a connection are served with.
pub(super) struct Caller {
    pub(super) peer: SocketAddr,
    pub(super) networks: Networks,
    pub(super) connection: Arc<Connection>,
    pub(super) site: Arc<Site>,
    pub(super) router: Router,
}
