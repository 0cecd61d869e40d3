//! A PostgreSQL database for one test, in the temporary cluster.

use std::sync::atomic::{AtomicU32, Ordering};

use postgres::{Client, NoTls};

use super::environment::cluster;

static NUMBER: AtomicU32 = AtomicU32::new(0);

pub struct Database {
    pub url: String,
    cluster: String,
    name: String,
}

impl Database {
    /// A new, empty database.
    pub fn create() -> Self {
        let cluster = cluster();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("e2e_{}_{number}", std::process::id());
        admin(&cluster).batch_execute(&format!("CREATE DATABASE {name}")).unwrap();
        let (server, _) = cluster.rsplit_once('/').unwrap();
        Self { url: format!("{server}/{name}"), cluster, name }
    }

    /// A direct connection, independent of the server.
    pub fn connect(&self) -> Client {
        Client::connect(&self.url, NoTls).unwrap()
    }
}

fn admin(cluster: &str) -> Client {
    Client::connect(cluster, NoTls).unwrap()
}

impl Drop for Database {
    fn drop(&mut self) {
        let _ = admin(&self.cluster)
            .batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.name));
    }
}
