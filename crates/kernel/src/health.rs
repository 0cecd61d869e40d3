//! Whether the server can do its work.

use model::Fault;
use policy::NoFacts;
use store::organization;

use crate::Portico;

/// Fails unless the database answers.
pub fn check_database(portico: &Portico) -> Result<(), Fault> {
    let permit = policy::authorize(&Portico::itself(), "portico:CheckHealth", "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    organization::find(&mut read).map(drop)
}
