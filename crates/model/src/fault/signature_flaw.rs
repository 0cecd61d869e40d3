//! The ways in which a signature can be wrong.

/// The flaw of a signature. Clients correct their clock or sign again, depending on it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureFlaw {
    /// The form is not that of the standard, or a part is missing.
    Malformed,
    /// The signature of a link is not of the form of the standard, or a parameter is missing.
    MalformedLink,
    /// The version or the algorithm is not supported.
    Foreign,
    /// The signature is right, and the clocks of client and server are too far apart.
    Skewed,
    /// The signature is right and has expired.
    Expired,
    /// A part of the request that must be signed is not.
    Uncovered,
    /// The body is not the one that was signed.
    WrongBody,
    /// The signature is of another key or of another request.
    Mismatched,
}

impl SignatureFlaw {
    /// Tells whether the holder of the key made the signature, at another time than the request is for.
    #[must_use]
    pub fn is_of_time(self) -> bool {
        match self {
            Self::Skewed | Self::Expired => true,
            Self::Malformed
            | Self::MalformedLink
            | Self::Foreign
            | Self::Uncovered
            | Self::WrongBody
            | Self::Mismatched => false,
        }
    }
}
