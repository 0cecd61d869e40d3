//! What a server does every second and every minute, whoever calls or not.

use model::Fault;
use model::ids::RequestId;
use model::senses::random_bytes;
use store::{AuditRecord, Origin, Stamp};

use crate::Portico;
use crate::audit::{error, seal};
use crate::sessions::sweep::sweep;

/// Writes the events that wait.
pub fn flush_journal(portico: &Portico) -> Result<(), Fault> {
    portico.journal.flush(&portico.db, |event| {
        let origin = Origin { source_address: "portico".to_owned(), user_agent: String::new() };
        let request_id = RequestId::random(&*portico.random).to_string();
        let random = random_bytes(&*portico.random);
        let stamp = Stamp::new(portico.clock.now_ms(), &random, request_id, origin);
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
