//! Health check of the server.

use model::Fault;
use policy::NoFacts;
use store::organization;

use crate::Portico;

/// Fails if the database does not answer.
pub fn check_database(portico: &Portico) -> Result<(), Fault> {
    let permit = policy::authorize(&Portico::itself(), "portico:CheckHealth", "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    organization::find(&mut read).map(drop)
}
