//! Variables of the environment that reach servers and clients under test. No others do.

/// The search path of programs.
pub fn search_path() -> String {
    variable("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".to_owned())
}

/// A number that lengthens a test, such as `PORTICO_SOAK_SECONDS`.
pub fn number_of(name: &str) -> Option<u64> {
    Some(variable(name)?.parse().unwrap_or_else(|_| panic!("{name} must be a whole number")))
}

/// The URL of a database in the temporary PostgreSQL cluster.
pub fn cluster() -> String {
    variable("PORTICO_TEST_POSTGRES").unwrap_or_else(|| {
        panic!(
            "PORTICO_TEST_POSTGRES is not set: run ./test, or export what \
             `tests/parts/pg.sh start <folder under /tmp>` prints"
        )
    })
}

/// How often a test repeats what it tries a few times by itself: `PORTICO_TEST_ROUNDS`, or `own`.
pub fn rounds(own: u64) -> u64 {
    number_of("PORTICO_TEST_ROUNDS").unwrap_or(own)
}

#[expect(clippy::disallowed_methods, reason = "a test is told here what to use")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
