//! Access of an operation to the database.

/// Effect of an operation on the database.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Access {
    /// The operation only reads. Its event is buffered for up to a second.
    Reads,
    /// The operation commits a transaction, together with its event.
    Writes,
    /// The operation commits after slow work (hashing a password) that must not block other
    /// requests.
    WritesSlowly,
}
