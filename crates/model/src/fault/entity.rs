//! The entities that can be missing or doubled.

use std::fmt;

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
