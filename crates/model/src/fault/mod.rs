//! Everything that can go wrong in an operation, independent of protocols.
//!
//! INVARIANT: a `Fault` says what happened, never how a protocol spells it. Each protocol owns one
//! table that spells every variant, with no `_ =>` arm, so a new variant does not compile until
//! every protocol has an answer for it.

mod entity;
mod oauth;
mod signature_flaw;

use std::borrow::Cow;
use std::fmt;

pub use entity::{
    Entity, IdentityCenterEntity, IdentityStoreEntity, ObjectsEntity, OrganizationsEntity,
    PorticoEntity,
};
pub use oauth::{OAuthError, OAuthFault};
pub use signature_flaw::SignatureFlaw;

/// A text that is nearly always a literal of the program.
pub type Text = Cow<'static, str>;

/// The reason for which an operation failed.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// No operation has this name. It is what the request names, cut short, or a method and a path.
    UnknownOperation { name: String },
    /// The bytes are not a request of this protocol; `must` ends the sentence "The request must …".
    Unreadable { must: Text },
    /// The server takes such a request from nobody: it is for another host, or a page of another site sent it;
    /// `must` ends the sentence "The request must …".
    NotAdmitted { must: Text },
    /// The request is longer than `bytes_max`.
    TooLarge { bytes_max: u64 },
    /// A field is missing or malformed; `must` ends the sentence `<field> must …`.
    Invalid { field: Text, must: Text },
    /// The request is not signed.
    Unsigned,
    /// The access key or its session token is unknown.
    UnknownKey,
    /// The access key has expired.
    ExpiredKey,
    /// The access key was withdrawn: its session ended, or its user or role is gone.
    RevokedKey,
    /// The signature does not hold; `must` ends the sentence "The signature must …".
    BadSignature { flaw: SignatureFlaw, must: Text },
    /// The policies of the caller do not allow the action.
    Denied(Box<Denial>),
    /// The session of a person (portal token, cookie) is missing, expired or unknown.
    NoSession,
    /// The person does not hold this role in the account.
    NoAccess,
    /// The entity does not exist. The id is empty if the request searched by something else.
    NotFound { entity: Entity, id: String },
    /// Another entity already has the value of `field`.
    NotUnique { entity: Entity, field: &'static str },
    /// The current state forbids the operation; `because` is a whole sentence that says what to do.
    Conflict { because: Text },
    /// The `Revision` of the request is not the current one of the entity.
    StaleRevision,
    /// A quota is used up; `limit` ends the sentence "There may be at most …".
    Quota { limit: Text },
    /// The operation does not apply here; `because` is a whole sentence.
    Unsupported { because: Text },
    /// An error answer of OAuth 2.0.
    OAuth(OAuthFault),
    /// Too many wrong passwords. A later try may succeed.
    Throttled { retry_after_seconds: u64 },
    /// A concurrent transaction won. The dispatcher runs the operation again.
    Contended,
    /// A bounded resource is exhausted. Nothing was done; a later try may succeed.
    Busy,
    /// The database does not answer, or takes no writes at the moment. A commit that was under way may have been
    /// kept; a later try may succeed. The text goes to the log, once for each outage, never to the caller.
    Unavailable(String),
    /// A bug or a failing disk. The text goes to the log, never to the caller.
    Broken(String),
}

/// Maximum number of characters that are kept of the name of an operation that does not exist.
const ASKED_CHARS_MAX: usize = 128;

/// What answers and logs keep of text that a request asked for in vain.
#[must_use]
pub fn kept(asked: &str) -> String {
    asked.chars().take(ASKED_CHARS_MAX).collect()
}

impl Fault {
    /// A request whose method and path are those of no operation and no page.
    #[must_use]
    pub fn unknown_request(method: &str, path: &str) -> Self {
        Self::UnknownOperation { name: kept(&format!("{method} {path}")) }
    }

    /// A field that is missing or malformed.
    pub fn invalid(field: impl Into<Text>, must: impl Into<Text>) -> Self {
        Self::Invalid { field: field.into(), must: must.into() }
    }

    /// A signature that does not hold.
    pub fn bad_signature(flaw: SignatureFlaw, must: impl Into<Text>) -> Self {
        Self::BadSignature { flaw, must: must.into() }
    }

    /// An entity that does not exist.
    pub fn not_found(entity: impl Into<Entity>, id: impl fmt::Display) -> Self {
        Self::NotFound { entity: entity.into(), id: id.to_string() }
    }

    /// A value that another entity already has.
    pub fn not_unique(entity: impl Into<Entity>, field: &'static str) -> Self {
        Self::NotUnique { entity: entity.into(), field }
    }

    /// A state that forbids the operation.
    pub fn conflict(because: impl Into<Text>) -> Self {
        Self::Conflict { because: because.into() }
    }

    /// An operation that does not apply here.
    pub fn unsupported(because: impl Into<Text>) -> Self {
        Self::Unsupported { because: because.into() }
    }

    /// Tells whether the fault refuses the caller, rather than the content of the request.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        matches!(
            self,
            Self::Denied(_)
                | Self::NoAccess
                | Self::NoSession
                | Self::ExpiredKey
                | Self::RevokedKey
        )
    }

    /// A failure of Portico itself.
    pub fn broken(what: impl fmt::Display) -> Self {
        Self::Broken(what.to_string())
    }

    /// A failure of Portico itself, with the place where it was met: `<place>: <why>` in the log.
    pub fn broken_at(place: &'static str, why: impl fmt::Display) -> Self {
        Self::Broken(format!("{place}: {why}"))
    }
}

/// A refusal by policy: caller, action, resource and reason.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Denial {
    /// ARN of the caller, or `anonymous`.
    pub caller: String,
    /// `service:Action`.
    pub action: String,
    /// ARN, or `*`.
    pub resource: String,
    /// Ends the sentence "… because …": the statement that denies, or that no statement allows.
    pub because: String,
}

impl OAuthError {
    /// A fault with this error and a sentence for the log of the client.
    pub fn because(self, description: impl Into<Text>) -> Fault {
        Fault::OAuth(OAuthFault { error: self, description: description.into() })
    }
}
