//! Health check of the server.

use model::Fault;
use policy::NoFacts;
use store::organization;

use crate::Portico;

/// Maximum difference between the clock of this server and that of the database without a complaint.
const CLOCK_OFF_MAX_MS: i64 = 2000;

/// Fails if the database does not answer, or would take no writes.
pub fn check_database(portico: &Portico) -> Result<(), Fault> {
    let permit = policy::authorize(&Portico::itself(), "portico:CheckHealth", "*", &NoFacts)?;
    let mut read = portico.db.read(&permit)?;
    organization::find(&mut read)?;
    drop(read);
    portico.db.require_writable()
}

/// Says in a sentence that the clock of this server is not that of the database, where it is not. Nothing about
/// revocation depends on clocks, but expiry does, and signatures do.
#[must_use]
pub fn clock_complaint(portico: &Portico) -> Option<String> {
    let database_ms = portico.db.signals().how_it_listens()?.database_now_ms?;
    complain(portico.clock.now_ms().saturating_sub(database_ms))
}

fn complain(ahead_ms: i64) -> Option<String> {
    let (off_ms, way) =
        (ahead_ms.saturating_abs(), if ahead_ms > 0 { "ahead of" } else { "behind" });
    let (seconds, tenths) = (off_ms / 1000, off_ms % 1000 / 100);
    (off_ms > CLOCK_OFF_MAX_MS).then(|| {
        format!(
            "the clock of this server is {seconds}.{tenths} s {way} that of PostgreSQL: set both by NTP"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_complained_of() {
        assert_eq!([0, 2000, -2000].map(complain), [None, None, None]);
        let ahead =
            "the clock of this server is 3.2 s ahead of that of PostgreSQL: set both by NTP";
        assert_eq!(complain(3299).as_deref(), Some(ahead));
        let behind =
            "the clock of this server is 3600.0 s behind that of PostgreSQL: set both by NTP";
        assert_eq!(complain(-3_600_000).as_deref(), Some(behind));
        assert!(complain(i64::MIN).is_some());
    }
}
