//! A database and the connections to it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use model::Fault;
use policy::Permit;

use crate::engine::{Depth, Engine, open_still};
use crate::group_commit::Writer;
use crate::lane::{Lanes, OwnLane, RowMac};
use crate::location::{Location, Use};
use crate::migrations::MIGRATIONS;
use crate::pool::{NODES, Pool, node};
use crate::signals::Changes;
use crate::writable::{self, Writable};
use crate::{AuditRecord, Lease, LoggedEvent, Read, Signals, Stamp, Tx, WriteBatch, audit, listen};

/// A database and the connections to it.
pub struct Db {
    /// Connections of readers, and of writers on PostgreSQL. None in memory, where readers and
    /// writers share one connection.
    pool: Option<Pool>,
    /// The single write connection of SQLite.
    writer: Option<Writer>,
    signals: Arc<Signals>,
    lanes: Arc<Lanes>,
    location: Location,
    writable: Writable,
}

impl Db {
    /// Opens the database and brings its schema up to date.
    pub fn open(location: Location) -> Result<Self, Fault> {
        let mut engine = Engine::connect(&location, Use::ReadAndWrite)?;
        // Before the migrations: a pooler in between can fail them with a message that explains nothing.
        let listener = match &location {
            Location::Postgres(url) => Some(listen::connect(url, &mut engine)?),
            Location::Sqlite(_) | Location::Memory => None,
        };
        engine.take_time()?;
        engine.migrate(MIGRATIONS)?;
        let db = Self::over(&location, engine)?;
        if let (Location::Postgres(url), Some(listener)) = (location, listener) {
            db.signals.confirmations.set_session(Some(listener.id()));
            listen::listen(url, listener, &db.signals)?;
        }
        Ok(db)
    }

    /// Opens the database of a server that may be running. Refuses another schema version, because
    /// only the server migrates. It hears of no commits of others, so it caches nothing.
    pub fn open_beside(location: &Location) -> Result<Self, Fault> {
        let mut engine = Engine::connect(location, Use::ReadAndWrite)?;
        engine.require_schema(MIGRATIONS)?;
        Self::over(location, engine)
    }

    /// Opens a database file that nobody writes, such as a backup, to read it. Refuses another schema version.
    pub fn open_still(path: &Path) -> Result<Self, Fault> {
        drop(open_still(path)?);
        let location = Location::Sqlite(path.to_owned());
        let lanes = Arc::new(Lanes::default());
        let pool = Pool::new(location.clone(), Use::Still, Arc::clone(&lanes));
        let signals = Arc::new(Signals::of_one_node());
        let writable = Writable::default();
        Ok(Self { pool: Some(pool), writer: None, signals, lanes, location, writable })
    }

    /// Lists what is wrong with the database file.
    pub fn examine(&self, permit: &Permit, depth: Depth) -> Result<Vec<String>, Fault> {
        self.read(permit)?.engine()?.examine(depth)
    }

    /// Returns where PostgreSQL's write-ahead log is, as `recovery_target_lsn` takes it, and its time in
    /// milliseconds. Every commit that was answered is before it.
    pub fn position(&self, permit: &Permit) -> Result<(String, i64), Fault> {
        self.read(permit)?.engine()?.position()
    }

    fn over(location: &Location, engine: Engine) -> Result<Self, Fault> {
        let signals = Arc::new(match location {
            Location::Sqlite(_) | Location::Memory => Signals::of_one_node(),
            Location::Postgres(_) => Signals::of_many_nodes(),
        });
        let lanes = Arc::new(Lanes::default());
        let writer = |engine| {
            Writer::new(location.clone(), engine, Arc::clone(&signals), Arc::clone(&lanes))
        };
        let pool =
            |location: &Location, usage| Pool::new(location.clone(), usage, Arc::clone(&lanes));
        let (pool, writer) = match location {
            Location::Postgres(_) => (Some(pool(location, Use::ReadAndWrite)), None),
            Location::Sqlite(_) => {
                let writer = writer(engine)?;
                (Some(pool(location, Use::ReadOnly)), Some(writer))
            }
            Location::Memory => (None, Some(writer(engine)?)),
        };
        Ok(Self {
            pool,
            writer,
            signals,
            lanes,
            location: location.clone(),
            writable: Writable::default(),
        })
    }

    /// Gives every later audit event a place on a lane of running numbers and a MAC.
    pub fn prove_events_with(&self, mac: Box<RowMac>) {
        self.lanes.set_mac(mac);
    }

    /// Lists the lanes on which this process writes or has written audit events.
    #[must_use]
    pub fn own_lanes(&self) -> BTreeMap<String, OwnLane> {
        self.lanes.own()
    }

    /// Takes a lane off that list, unless more may be written on it.
    pub fn forget_lane(&self, writer: &str) {
        self.lanes.forget(writer);
    }

    /// Tells whether an event has the MAC that this server gives its events.
    #[must_use]
    pub fn proves(&self, event: &LoggedEvent) -> bool {
        self.lanes.proves(event)
    }

    /// Gives an event that a file kept without its MAC the one that this server computes for its columns.
    pub fn give_mac(&self, event: &mut LoggedEvent) {
        self.lanes.give_mac(event);
    }

    /// Tells whether other servers may use the same database.
    #[must_use]
    pub fn may_be_shared(&self) -> bool {
        matches!(self.location, Location::Postgres(_))
    }

    /// Begins a transaction that may write.
    pub fn begin(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease_to_write()?, permit, stamp, &self.signals))
    }

    /// Begins a transaction that may write, on a snapshot: for work that is right whatever others change meanwhile of
    /// what it reads (decision 0031).
    pub fn begin_on_snapshot(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease_on_snapshot()?, permit, stamp, &self.signals))
    }

    /// Begins the transaction of [`job::claim`](crate::job::claim), which passes over jobs that others are claiming.
    pub fn begin_claim(&self, permit: Permit, stamp: Stamp) -> Result<Tx<'_>, Fault> {
        Ok(Tx::new(self.lease(Engine::begin_on_newest)?, permit, stamp, &self.signals))
    }

    /// Begins a read-only transaction on one snapshot.
    ///
    /// INVARIANT: on the memory engine a second transaction on the same thread waits for the first,
    /// so an operation drops its `Read` before it begins another.
    pub fn read(&self, permit: &Permit) -> Result<Read<'_>, Fault> {
        self.begin_read(permit, Engine::begin_read)
    }

    /// Begins a read like [`Db::read`], for a thread that may not be held up: on an SQLite file its statements
    /// fail with `Busy` once they have taken 1 to 2 ms together.
    pub fn short_read(&self, permit: &Permit) -> Result<Read<'_>, Fault> {
        self.begin_read(permit, Engine::begin_short_read)
    }

    fn begin_read(
        &self,
        permit: &Permit,
        begin: fn(&mut Engine) -> Result<(), Fault>,
    ) -> Result<Read<'_>, Fault> {
        let lease = match &self.pool {
            Some(pool) => Lease::Pooled(pool.begin(begin)?),
            None => self.lease_to_write()?,
        };
        Ok(Read::new(lease, permit.clone()))
    }

    /// Fails if the database file is damaged, or if a write would fail: the disk is full or read-only, or the server of the database is a standby. Looks
    /// once a second at most, and writes no row.
    pub fn require_writable(&self) -> Result<(), Fault> {
        self.lanes.damage.require_none()?;
        self.writable.require(|| match (&self.location, &self.pool) {
            (Location::Sqlite(path), _) => writable::require_room_beside(path),
            (Location::Postgres(_), Some(pool)) => {
                let mut pooled = pool.begin(Engine::begin)?;
                pooled.engine().map_or(Ok(()), Engine::require_primary)
            }
            _ => Ok(()),
        })
    }

    /// Begins a write batch of one thread for several requests, where writers share one connection.
    ///
    /// INVARIANT: until the batch ends, its thread writes only through it. The memory engine has no
    /// batches, because its readers share the connection too.
    pub fn write_batch(&self) -> Result<Option<WriteBatch<'_>>, Fault> {
        self.writer_beside_readers().map(WriteBatch::open).transpose()
    }

    /// Begins a write batch for several small jobs: on PostgreSQL one transaction on a snapshot (decision 0031). The
    /// memory engine has none.
    pub fn snapshot_batch(&self) -> Result<Option<WriteBatch<'_>>, Fault> {
        match (&self.writer, &self.pool) {
            (None, Some(pool)) => {
                let pooled = pool.begin(Engine::begin_on_snapshot)?;
                Ok(Some(WriteBatch::in_pooled(pooled, &self.signals)))
            }
            _ => self.write_batch(),
        }
    }

    /// Tells whether reads are non-blocking: they wait neither for a network nor for writers.
    #[must_use]
    pub fn reads_at_once(&self) -> bool {
        self.writer_beside_readers().is_some()
    }

    /// Returns SQLite's writer if readers have connections of their own, as they do on a file.
    fn writer_beside_readers(&self) -> Option<&Writer> {
        self.pool.as_ref().and(self.writer.as_ref())
    }

    /// Writes events without a transaction: refusals, sign-in steps, reads. Returns when they are
    /// on disk.
    pub fn record(&self, records: &[AuditRecord]) -> Result<(), Fault> {
        let mut lease = self.lease_on_snapshot()?;
        let mut last = None;
        for record in records {
            audit::record(lease.engine()?, record, &mut last)?;
        }
        lease.commit(Changes::default(), &self.signals)
    }

    /// Leaves out the events that are on disk already, as after a commit whose outcome was not told.
    pub fn without_recorded(
        &self,
        mut records: Vec<AuditRecord>,
    ) -> Result<Vec<AuditRecord>, Fault> {
        let mut lease = self.lease_to_write()?;
        let mut recorded = BTreeSet::new();
        for record in &records {
            if audit::is_recorded(lease.engine()?, record)? {
                recorded.insert(record.id().to_owned());
            }
        }
        records.retain(|record| !recorded.contains(record.id()));
        Ok(records)
    }

    /// Returns when every node has heard of all commits until now, or remembers nothing from before them.
    ///
    /// A read calls this before it tells that something was revoked by a commit that nobody waited for, such as
    /// that of a job. The caller holds no transaction meanwhile.
    pub fn wait_for_nodes(&self) -> Result<(), Fault> {
        let Some(ticket) = self.signals.ticket(Changes { authority: true, jobs: false }) else {
            return Ok(());
        };
        // This node may not have heard of them either.
        self.signals.authority_changed();
        let mut lease = self.lease_to_write()?;
        let nodes = lease.engine()?.query(NODES, &[], node)?;
        if ticket.is_alone(&nodes) {
            return Ok(());
        }
        lease.engine()?.notify("portico_question", &ticket.notice())?;
        lease.commit_and_wait(Changes::default(), &self.signals, Some(&ticket))
    }

    /// Returns the change signals of this database.
    #[must_use]
    pub fn signals(&self) -> &Arc<Signals> {
        &self.signals
    }

    pub(crate) fn lease_to_write(&self) -> Result<Lease<'_>, Fault> {
        self.lease(Engine::begin)
    }

    /// Leases a connection to write what does not depend on what others write.
    pub(crate) fn lease_on_snapshot(&self) -> Result<Lease<'_>, Fault> {
        self.lease(Engine::begin_on_snapshot)
    }

    /// Leases a connection to write. On PostgreSQL the transaction begins with `begin`; SQLite's writers take turns.
    fn lease(&self, begin: fn(&mut Engine) -> Result<(), Fault>) -> Result<Lease<'_>, Fault> {
        match (&self.writer, &self.pool) {
            (Some(writer), _) => writer.begin().map(Lease::Member),
            (None, Some(pool)) => pool.begin(begin).map(Lease::Pooled),
            (None, None) => Err(Fault::Broken("the database has no connection".to_owned())),
        }
    }
}
