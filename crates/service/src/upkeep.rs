//! What a server does every second and every minute, whoever calls or not.

use model::Fault;
use store::AuditRecord;

use crate::audit::{error, seal};
use crate::sessions::sweep::sweep;
use crate::{Portico, RequestInfo};

/// Writes the events that wait.
pub fn flush_journal(portico: &Portico) -> Result<(), Fault> {
    portico.journal.flush(&portico.db, |event| {
        let random = &*portico.random;
        let stamp = RequestInfo::own(random).stamp(portico.clock.now_ms(), random);
        let error = Some(error::written(&Fault::Busy));
        let (action, resource) = ("portico:LeaveOut", "*".to_owned());
        AuditRecord::new(&Portico::itself(), stamp, action, resource, error, event)
    })
}

/// Seals events when so many wait for it that a minute is too long.
pub fn seal_if_many(portico: &Portico) -> Result<(), Fault> {
    seal::seal_if_many(portico)
}

/// What is due every minute.
pub fn keep_up(portico: &Portico) -> Result<(), Fault> {
    sweep(portico)?;
    seal::seal_due(portico)
}
