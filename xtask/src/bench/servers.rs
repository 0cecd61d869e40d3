//! Servers on one database, which clients ask in turn.

use std::net::SocketAddr;
use std::path::Path;

use super::database::Database;
use super::portico::{Launch, Portico};
use super::process::{Cpu, Served};

pub struct Servers {
    pub all: Vec<Portico>,
    pub database: Database,
}

impl Servers {
    /// How the first server is started in `folder`: on the database with this name on the PostgreSQL server of the URL, or
    /// on SQLite.
    pub fn launch(
        program: &Path,
        folder: &Path,
        (postgres, name): (Option<&str>, &str),
    ) -> Result<Launch, String> {
        let mut launch = Launch::new(program, folder)?;
        if let Some(url) = postgres {
            launch.database = Database::create(url, name)?.url().map(str::to_owned);
        }
        let public_url = format!("http://localhost:{}", launch.address.port());
        launch.options = vec!["--public-url".to_owned(), public_url];
        Ok(launch)
    }

    /// Starts the others beside the first one, so that there are `count`.
    pub fn beside(first: Portico, launch: &Launch, count: u32) -> Result<Self, String> {
        let others = (1..count).map(|number| first.another(launch, number));
        let others = others.collect::<Result<Vec<_>, String>>()?;
        let all = std::iter::once(first).chain(others).collect();
        Ok(Self { all, database: launch.database() })
    }

    /// The server that is asked once.
    pub fn first(&self) -> Result<&Portico, String> {
        self.all.first().ok_or("a site without servers".to_owned())
    }
}

impl Served for Servers {
    fn address(&self, client: u32) -> SocketAddr {
        let place = usize::try_from(client).unwrap_or_default() % self.all.len().max(1);
        let node = self.all.get(place).or(self.all.first());
        node.map_or(SocketAddr::from(([127, 0, 0, 1], 0)), |node| node.process.address)
    }

    /// The time of all servers, and of the database for them.
    fn cpu(&self) -> Result<Cpu, String> {
        let mut cpu = Cpu::default();
        for node in &self.all {
            cpu.add(&node.process.id())?;
        }
        for process in self.database.processes()? {
            cpu.add(&process)?;
        }
        Ok(cpu)
    }
}
