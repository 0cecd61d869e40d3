//! What can be wrong with an audit log.

use std::fmt;

/// Difference between the log and its seals.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Finding {
    /// The digest is missing, and possibly all digests before it.
    MissingDigest { number: i64 },
    /// The number of events differs from the sealed number.
    Miscounted { number: i64, sealed: i64, found: i64 },
    /// The events or the previous digest differ from the sealed ones.
    Altered { number: i64 },
    /// The signature of the digest was not made by this server.
    Forged { number: i64 },
    /// The digest of the known head has another hash, or cannot be read.
    OtherHead { number: i64 },
    /// The log ends before the digest of the known head. `last` is its last digest, 0 without any.
    EndsBefore { number: i64, last: i64 },
    /// A column of the event holds a value of another type.
    NoEvent { id: String },
    /// A column of the digest holds a value of another type.
    NoDigest { number: i64 },
    /// Digests with numbers that no digest can have.
    OddDigests { count: i64 },
    /// Events whose id is none of a server.
    OddIds { count: i64 },
    /// The MAC of the event is not the one of its columns.
    WrongMac { id: String },
    /// The event has no MAC, and no digest of an earlier version seals it.
    NoMac { id: String },
    /// The event is in no queue and in no digest.
    Parked { id: String },
    /// Another event has the same number on the same lane.
    Double { id: String },
    /// Events between others, or at the end, are missing. Event ids name lanes.
    MissingEvents { writer: String, first: i64, last: i64 },
    /// A file of the archive is missing, or cannot be read from some digest on.
    BrokenFile { name: String, why: String },
    /// The digest in a file is not the one in the database.
    OtherDigest { name: String, number: i64 },
    /// The events of the digest in a file are not the sealed ones.
    AlteredFile { name: String, number: i64 },
    /// The event names a digest whose events are in a file, and is none of them, or was to be deleted.
    Remains { id: String },
    /// The event names a digest that was removed for its age.
    Removed { id: String },
    /// This server did not write where the log begins.
    WrongBeginning,
    /// More numbers are missing than a verification keeps.
    ManyMissing,
    /// The log has no event at all.
    Empty,
    /// This server did not write the file of the head as it is.
    WrongHead,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MissingDigest { number } => write!(f, "Digest {number} is missing."),
            Self::Miscounted { number, sealed, found } => {
                write!(f, "Digest {number} sealed {sealed} events, and {found} are there.")
            }
            Self::Altered { number } => {
                write!(f, "The events of digest {number}, or the digest before it, were altered.")
            }
            Self::Forged { number } => {
                write!(f, "Digest {number} has no signature of this server.")
            }
            Self::OtherHead { number } => {
                write!(f, "Digest {number} is not the one that was written down.")
            }
            Self::EndsBefore { number, last: 0 } => {
                write!(f, "Digest {number} is missing; the log has no digest.")
            }
            Self::EndsBefore { number, last } => {
                write!(f, "Digest {number} is missing; the log ends with {last}.")
            }
            Self::NoEvent { id } => write!(f, "Event {id} is no event that a server writes."),
            Self::NoDigest { number } => {
                write!(f, "Digest {number} is no digest that a server writes.")
            }
            Self::OddDigests { count } => write!(
                f,
                "Digests with numbers that no server gives were added, or digests were given such numbers: \
                 {count}."
            ),
            Self::OddIds { count } => {
                write!(
                    f,
                    "Events with ids that no server gives were added, or events lost theirs: {count}."
                )
            }
            Self::WrongMac { id } => {
                write!(f, "Event {id} was added or altered: its MAC is wrong.")
            }
            Self::NoMac { id } => write!(
                f,
                "Event {id} was added, or a node of an earlier version wrote it and has not sealed \
                 it: it has no MAC."
            ),
            Self::Parked { id } => {
                write!(
                    f,
                    "Event {id} was taken out of the log: its digest number is no number of one."
                )
            }
            Self::Double { id } => {
                write!(f, "Event {id} has the number of another event of its writer.")
            }
            Self::MissingEvents { writer, first, last } if first == last => {
                write!(f, "Event {first} of writer {writer} is missing.")
            }
            Self::MissingEvents { writer, first, last } => {
                write!(f, "Events {first} to {last} of writer {writer} are missing.")
            }
            Self::BrokenFile { name, why } => {
                write!(f, "The file {name} of the audit archive cannot be read: {why}.")
            }
            Self::OtherDigest { name, number } => {
                write!(f, "The file {name} of the audit archive has another digest {number} than the database.")
            }
            Self::AlteredFile { name, number } => write!(
                f,
                "The file {name} of the audit archive was altered: the events of digest {number} are not the sealed \
                 ones."
            ),
            Self::Remains { id } => {
                write!(f, "Event {id} was added: the events of its digest are in the audit archive.")
            }
            Self::Removed { id } => {
                write!(f, "Event {id} was added: the events of its digest were removed for their age.")
            }
            Self::WrongBeginning => f.write_str(
                "No server wrote where the log begins, so events can be missing before its first digest.",
            ),
            Self::ManyMissing => f.write_str("More events are missing than can be listed."),
            Self::WrongHead => {
                f.write_str("The file portico.audit-head is not as this server wrote it.")
            }
            Self::Empty => f.write_str("The log has no events. Even a new server has some."),
        }
    }
}
