//! Reasons for which the answer of an authenticator is refused.

/// Reason for which the answer of an authenticator is refused.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Refusal {
    /// It is too long, cut off, or not of the form that browsers send.
    Unreadable,
    /// It belongs to the other ceremony.
    WrongCeremony,
    /// It answers another challenge: it is of another ceremony, or old.
    WrongChallenge,
    /// It was made at another site.
    WrongOrigin,
    /// It was made in a frame of another site.
    CrossOrigin,
    /// It was made for another relying party.
    WrongRelyingParty,
    /// The authenticator did not see that anybody touched it.
    UserNotPresent,
    /// The authenticator did not verify its owner, by a PIN or a biometric.
    UserNotVerified,
    /// The credential is none of those that were asked for.
    UnknownCredential,
    /// The credential is of another person.
    WrongUser,
    /// The signature is not of the credential.
    WrongSignature,
    /// The counter of the authenticator is not above the last one: there may be two copies of it (§6.1.1).
    CounterWentBack,
    /// The credential says now that it can be copied, and said before that it cannot.
    BackupChanged,
    /// The statement about the make of the authenticator is wrong.
    WrongAttestation,
    /// The authenticator uses an algorithm that was not offered.
    WrongAlgorithm,
    /// The authenticator is registered already.
    AlreadyRegistered,
}

impl Refusal {
    /// The reason in events. It ends the sentence "… because …".
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Unreadable => "the answer of the authenticator cannot be read",
            Self::WrongCeremony => "the answer is of the other ceremony",
            Self::WrongChallenge => "the answer is to another challenge",
            Self::WrongOrigin => "the answer was made at another site",
            Self::CrossOrigin => "the answer was made in a frame of another site",
            Self::WrongRelyingParty => "the answer was made for another relying party",
            Self::UserNotPresent => "nobody touched the authenticator",
            Self::UserNotVerified => "the authenticator did not verify its owner",
            Self::UnknownCredential => "the authenticator is not registered",
            Self::WrongUser => "the authenticator is of another person",
            Self::WrongSignature => "the signature is wrong",
            Self::CounterWentBack => "the counter of the authenticator went back",
            Self::BackupChanged => "the authenticator can be copied now, and could not before",
            Self::WrongAttestation => "the attestation is wrong",
            Self::WrongAlgorithm => "the algorithm was not offered",
            Self::AlreadyRegistered => "the authenticator is registered already",
        }
    }
}
