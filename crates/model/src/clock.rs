//! The time as an argument: `server` supplies the real clock, tests and `portico sandbox` supply
//! one that they move by hand.

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;
}
