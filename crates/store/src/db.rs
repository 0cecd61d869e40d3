//! A database and the connections to it.

use std::sync::Arc;

use model::Fault;
use policy::Permit;

use crate::engine::Engine;
use crate::group_commit::Writer;
use crate::location::{Location, Use};
use crate::migrations::MIGRATIONS;
use crate::pool::Pool;
use crate::signals::News;
use crate::{AuditRecord, Lease, Read, Signals, Stamp, Together, Tx, audit, listen};

/// A database and the connections to it.
pub struct Db {
    /// None in memory, where readers take turns with writers on the one connection there is.
    pool: Option<Pool>,
    /// SQLite has one writer, who is not of the pool.
    writer: Option<Writer>,
    signals: Arc<Signals>,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub fn open(location: Location) -> Result<Self, Fault> {
        let mut engine = Engine::connect(&location, Use::ReadAndWrite)?;
        engine.migrate(MIGRATIONS)?;
        Self::over(location, engine)
    }

    /// Opens the database of a server that may be running: one of another version is refused, because
    /// to change the schema is for the server.
    pub fn open_beside(location: Location) -> Result<Self, Fault> {
        let mut engine = Engine::connect(&location, Use::ReadAndWrite)?;
        engine.require_schema(MIGRATIONS)?;
        Self::over(location, engine)
    }

    fn over(location: Location, engine: Engine) -> Result<Self, Fault> {
        let signals = Arc::new(Signals::default());
        let (pool, writer) = match &location {
            Location::Sqlite(_) => {
                let writer = Writer::new(location.clone(), engine, Arc::clone(&signals));
                (Some(Pool::new(location, Use::ReadOnly)), Some(writer))
            }
            Location::Memory => {
                let writer = Writer::new(location, engine, Arc::clone(&signals));
                (None, Some(writer))
            }
            Location::Postgres(url) => {
                listen::listen(url.clone(), &signals)?;
                (Some(Pool::new(location, Use::ReadAndWrite)), None)
            }
        };
        Ok(Self { pool, writer, signals })
    }

    /// Begins a transaction that may write.
    pub fn begin(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease_to_write()?, permit, stamp, &self.signals))
    }

    /// Begins a transaction that only reads, and sees one moment.
    ///
    /// INVARIANT: on the memory engine a second transaction on the same thread waits for the first,
    /// so an operation drops its `Read` before it begins another.
    pub fn read(&self, permit: &Permit) -> Result<Read<'_>, Fault> {
        let lease = match &self.pool {
            Some(pool) => Lease::Pooled(pool.begin(Engine::begin_read)?),
            None => self.lease_to_write()?,
        };
        Ok(Read::new(lease, permit.clone()))
    }

    /// Begins what one thread writes for several requests, where writers take turns.
    ///
    /// INVARIANT: the thread writes through it alone until it ends. In memory, where readers take
    /// turns too, there is none.
    pub fn together(&self) -> Result<Option<Together<'_>>, Fault> {
        self.writer_beside_readers().map(Together::open).transpose()
    }

    /// Whether reading waits for nobody: neither for a network nor for those who write.
    #[must_use]
    pub fn reads_at_once(&self) -> bool {
        self.writer_beside_readers().is_some()
    }

    /// SQLite's writer, where readers do not take turns with writers: in a file.
    fn writer_beside_readers(&self) -> Option<&Writer> {
        self.pool.as_ref().and(self.writer.as_ref())
    }

    /// Writes events that belong to no transaction: refusals, sign-in steps, reads. Returns when
    /// they are on disk.
    pub fn record(&self, records: &[AuditRecord]) -> Result<(), Fault> {
        let mut lease = self.lease_to_write()?;
        let mut last = None;
        for record in records {
            audit::record(lease.engine()?, record, &mut last)?;
        }
        lease.commit(News::default(), &self.signals)
    }

    /// What this database tells its own process.
    #[must_use]
    pub fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    pub(crate) fn lease_to_write(&self) -> Result<Lease<'_>, Fault> {
        match (&self.writer, &self.pool) {
            (Some(writer), _) => writer.begin().map(Lease::Member),
            (None, Some(pool)) => pool.begin(Engine::begin).map(Lease::Pooled),
            (None, None) => Err(Fault::Broken("the database has no connection".to_owned())),
        }
    }
}
