//! What tests take from the environment that they are started in. Nothing else reaches a server or
//! a client under test.

/// Where programs are found.
pub fn search_path() -> String {
    variable("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".to_owned())
}

/// The throw-away PostgreSQL cluster, as a URL of one of its databases.
pub fn cluster() -> String {
    variable("PORTICO_TEST_POSTGRES").unwrap_or_else(|| {
        panic!(
            "PORTICO_TEST_POSTGRES is not set: run ./test, or export what \
             `tests/parts/pg.sh start <folder under /tmp>` prints"
        )
    })
}

#[expect(clippy::disallowed_methods, reason = "a test is told here what to use")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
