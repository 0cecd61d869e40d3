//! Why a body was refused while it streamed.

use model::Fault;

/// Why a body was refused. S3 has codes of its own for the first two.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum BodyFault {
    /// The chunks end early, are malformed, or hold more or less content than declared. Says what the request must
    /// do.
    Incomplete(&'static str),
    /// The trailing headers are malformed, or not those that were announced. Says what the request must do.
    Trailer(&'static str),
    /// Any other fault, such as a signature that does not match.
    Other(Fault),
}

impl From<Fault> for BodyFault {
    fn from(fault: Fault) -> Self {
        Self::Other(fault)
    }
}

impl BodyFault {
    /// The fault, for services that have no codes of their own for bodies.
    #[must_use]
    pub fn into_fault(self) -> Fault {
        match self {
            Self::Incomplete(must) | Self::Trailer(must) => Fault::Unreadable { must: must.into() },
            Self::Other(fault) => fault,
        }
    }
}
