//! Identifiers, one file for each service that hands them out.
//!
//! A value of one of these types is well formed: `from_str` is the only way to make one from outside.
//! An identifier that AWS accepts as an id or as an ARN is kept as the id.

mod identity_center;
mod identity_store;
mod organizations;
mod portico;
mod uuid;

pub use identity_center::{InstanceId, PermissionSetArn, PermissionSetId, RoleId};
pub use identity_store::{GroupId, IdentityStoreId, MembershipId, UserId};
pub use organizations::{AccountId, CreateAccountRequestId, OrganizationId, RootId};
pub use portico::{
    JobId, MessageId, MfaDeviceId, PasswordResetRequestId, RequestId, SessionId, SignInId,
};

#[cfg(test)]
mod tests;
