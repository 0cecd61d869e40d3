//! Everything that can go wrong in an operation, in Portico's own words.
//!
//! INVARIANT: a `Fault` says what happened, never how a protocol spells it. Each protocol owns one
//! table that spells every variant, with no `_ =>` arm, so a new variant does not compile until
//! every protocol has an answer for it.

use std::borrow::Cow;
use std::fmt;

/// A text that is nearly always written in the program.
pub type Words = Cow<'static, str>;

/// Why an operation did not happen.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Fault {
    /// No operation has this name.
    UnknownOperation,
    /// The bytes are not a request of this protocol at all; `must` finishes "The request must …".
    Unreadable { must: Words },
    /// The request is longer than `bytes_max`.
    TooLarge { bytes_max: u64 },
    /// A field is missing or not of its form; `must` finishes the sentence "<field> must …".
    Invalid { field: Words, must: Words },
    /// Nobody signed the request.
    Unsigned,
    /// The key or its session token is not one of ours.
    UnknownKey,
    /// The key was good once.
    ExpiredKey,
    /// The key was withdrawn: its session ended, or its user or role is gone.
    RevokedKey,
    /// A signature is there and does not hold; `must` finishes "The signature must …".
    BadSignature { flaw: SignatureFlaw, must: Words },
    /// The policies of the caller do not allow the action.
    Denied(Box<Denial>),
    /// A person's session (portal token, cookie) is missing, over or unknown.
    NoSession,
    /// The person holds no such role in the account.
    NoAccess,
    /// The entity does not exist. The id is empty where none was asked for.
    NotFound { entity: Entity, id: String },
    /// The value of `field` belongs to another entity already.
    NotUnique { entity: Entity, field: &'static str },
    /// The state of things forbids it; `because` is a whole sentence that says what to do.
    Conflict { because: Words },
    /// The caller's `Revision` is not the entity's any more.
    StaleRevision,
    /// There are as many already as may be; `limit` finishes "There may be at most …".
    Quota { limit: Words },
    /// The operation does not apply here; `because` is a whole sentence.
    Unsupported { because: Words },
    /// An answer of OAuth 2.0, with its own vocabulary.
    OAuth(OAuthFault),
    /// Too many wrong passwords. A later try may succeed.
    Throttled { retry_after_seconds: u64 },
    /// Another transaction got there first. The dispatcher runs the operation again.
    Contended,
    /// Too many others ask for the same scarce thing. Nothing was done; a later try may succeed.
    Busy,
    /// A bug or a dead disk. The text goes to the log, never to the caller.
    Broken(String),
}

impl Fault {
    /// A field that is not as it must be.
    pub fn invalid(field: impl Into<Words>, must: impl Into<Words>) -> Self {
        Self::Invalid { field: field.into(), must: must.into() }
    }

    /// A signature that does not hold.
    pub fn bad_signature(flaw: SignatureFlaw, must: impl Into<Words>) -> Self {
        Self::BadSignature { flaw, must: must.into() }
    }

    /// An entity that is not there.
    pub fn not_found(entity: Entity, id: impl fmt::Display) -> Self {
        Self::NotFound { entity, id: id.to_string() }
    }

    /// A state that forbids the operation.
    pub fn conflict(because: impl Into<Words>) -> Self {
        Self::Conflict { because: because.into() }
    }

    /// An operation that does not apply here.
    pub fn unsupported(because: impl Into<Words>) -> Self {
        Self::Unsupported { because: because.into() }
    }

    /// Whether it refuses who asks, rather than what is asked for.
    #[must_use]
    pub fn is_denial(&self) -> bool {
        matches!(self, Self::Denied(_) | Self::NoAccess | Self::NoSession)
    }

    /// Something that is nobody's fault but ours.
    pub fn broken(what: impl fmt::Display) -> Self {
        Self::Broken(what.to_string())
    }

    /// A failure of Portico itself, with the place where it was met: `<place>: <why>` in the log.
    pub fn broken_at(place: &'static str, why: impl fmt::Display) -> Self {
        Self::Broken(format!("{place}: {why}"))
    }
}

/// What is wrong with a signature. Clients put their clock right, or sign again, by the difference.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum SignatureFlaw {
    /// Not of the form that the standard asks for, or a part is missing.
    Malformed,
    /// Of a version or an algorithm that is not spoken here.
    Foreign,
    /// The clocks of client and server are too far apart.
    Skewed,
    /// Its time is over.
    Expired,
    /// Something that has to be signed is not.
    Uncovered,
    /// The body is not the one that was signed.
    WrongBody,
    /// Another key, or another request.
    Mismatched,
}

/// Who was refused what, and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Denial {
    /// ARN of the caller, or `anonymous`.
    pub caller: String,
    /// `service:Action`.
    pub action: String,
    /// ARN, or `*`.
    pub resource: String,
    /// Finishes "… because …": which statement denies, or that none allows.
    pub because: String,
}

/// RFC 6749 §5.2, RFC 8628 §3.5, RFC 7591 §3.2.2.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OAuthFault {
    pub error: OAuthError,
    /// A whole sentence for the person who reads the client's log.
    pub description: Words,
}

/// The error codes of OAuth 2.0 that the service model of sso-oidc knows.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OAuthError {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    InvalidScope,
    AuthorizationPending,
    SlowDown,
    AccessDenied,
    ExpiredToken,
    InvalidClientMetadata,
    InvalidRedirectUri,
}

impl OAuthError {
    /// The fault with a sentence for whoever reads the client's log.
    pub fn because(self, description: impl Into<Words>) -> Fault {
        Fault::OAuth(OAuthFault { error: self, description: description.into() })
    }
}

/// The kinds of thing that can be missing or doubled.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entity {
    Account,
    AccountAssignment,
    Bucket,
    Child,
    CreateAccountRequest,
    Group,
    GroupMembership,
    IdentityStore,
    Instance,
    ManagedPolicy,
    MultipartUpload,
    Object,
    Organization,
    Parent,
    PermissionSet,
    Request,
    Session,
    Target,
    User,
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Account => "account",
            Self::AccountAssignment => "account assignment",
            Self::Bucket => "bucket",
            Self::Child => "child",
            Self::CreateAccountRequest => "account creation request",
            Self::Group => "group",
            Self::GroupMembership => "group membership",
            Self::IdentityStore => "identity store",
            Self::Instance => "instance",
            Self::ManagedPolicy => "managed policy",
            Self::MultipartUpload => "multipart upload",
            Self::Object => "object",
            Self::Organization => "organization",
            Self::Parent => "parent",
            Self::PermissionSet => "permission set",
            Self::Request => "request",
            Self::Session => "session",
            Self::Target => "target",
            Self::User => "user",
        })
    }
}
