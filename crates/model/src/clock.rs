//! The time as an argument: `server` supplies the real clock, tests and `portico sandbox` supply
//! one that they move by hand.

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;

    /// The time to compare with `client_ms`, a time that a client took from its own clock.
    ///
    /// It is the present, except on a clock that was moved: clients go on with the clock of their machine.
    fn now_for(&self, client_ms: i64) -> i64 {
        let _ = client_ms;
        self.now_ms()
    }

    /// Returns after `ms` milliseconds of this clock. The caller holds no transaction and no lock meanwhile.
    fn pause(&self, ms: u64);
}
