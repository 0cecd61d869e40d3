//! A transaction of SQLite's writer: a SAVEPOINT inside the outer transaction of its batch.

use model::Fault;

use crate::engine::Engine;
use crate::signals::Changes;

/// Turn of one transaction on the connection. Dropping it rolls back what it wrote.
pub(crate) struct Member<'db> {
    host: &'db dyn Host,
    engine: Option<Engine>,
}

/// Owner of the connection, which lends it to one member at a time.
pub(crate) trait Host: Sync {
    /// Takes the connection back from a member that ended with `ended`. Returns when the member may
    /// be answered.
    fn take_back(
        &self,
        engine: Engine,
        changes: Changes,
        ended: Result<(), Fault>,
    ) -> Result<(), Fault>;
}

impl<'db> Member<'db> {
    /// Makes a member on a connection where [`Engine::begin_member`] succeeded.
    pub(crate) fn new(host: &'db dyn Host, engine: Engine) -> Self {
        Self { host, engine: Some(engine) }
    }

    /// Returns the connection, unless SQLite has rolled back the batch. Without this check the next
    /// statement would be a transaction of its own.
    pub(crate) fn engine(&mut self) -> Option<&mut Engine> {
        self.engine.as_mut().filter(|engine| engine.in_transaction())
    }

    /// Releases the savepoint. Returns when the host says that the member may be answered.
    pub(crate) fn commit(mut self, changes: Changes) -> Result<(), Fault> {
        self.finish(changes, Engine::keep_member)
    }

    fn finish(
        &mut self,
        changes: Changes,
        how: fn(&mut Engine) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut engine = self.engine.take().ok_or_else(undone)?;
        let ended = if engine.in_transaction() { how(&mut engine) } else { Err(undone()) };
        self.host.take_back(engine, changes, ended)
    }
}

impl Drop for Member<'_> {
    fn drop(&mut self) {
        if self.engine.is_some() {
            // A failure of the batch is reported to the members that committed.
            self.finish(Changes::default(), Engine::undo_member).ok();
        }
    }
}

/// Fault of a transaction that SQLite rolled back by itself.
pub(crate) fn undone() -> Fault {
    Fault::Broken("the database undid the transaction".to_owned())
}
