//! The entities that can be missing or doubled, nested by the service that owns them.
//!
//! Each protocol's table of codes is exhaustive over the entities of its own services and takes the
//! other services whole, so an entity joins only the tables of its own service.

use std::fmt;

/// An entity, by its service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entity {
    IdentityCenter(IdentityCenterEntity),
    IdentityStore(IdentityStoreEntity),
    Objects(ObjectsEntity),
    Organizations(OrganizationsEntity),
    Portico(PorticoEntity),
}

/// Declares the entities of one service, with their names in messages.
macro_rules! entities {
    ($(#[$doc:meta])* $service:ident: $name:ident { $($entity:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        pub enum $name {
            $($entity,)+
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$entity => $text,)+
                })
            }
        }

        impl From<$name> for Entity {
            fn from(entity: $name) -> Self {
                Self::$service(entity)
            }
        }
    };
}

entities! {
    /// Entities of identity centre (sso-admin).
    IdentityCenter: IdentityCenterEntity {
        AccountAssignment = "account assignment",
        Instance = "instance",
        ManagedPolicy = "managed policy",
        PermissionSet = "permission set",
        Request = "request",
    }
}

entities! {
    /// Entities of identitystore.
    IdentityStore: IdentityStoreEntity {
        Group = "group",
        GroupMembership = "group membership",
        IdentityStore = "identity store",
        User = "user",
    }
}

entities! {
    /// Entities of the local S3 store.
    Objects: ObjectsEntity {
        Bucket = "bucket",
        MultipartUpload = "multipart upload",
        Object = "object",
    }
}

entities! {
    /// Entities of organizations.
    Organizations: OrganizationsEntity {
        Account = "account",
        Child = "child",
        CreateAccountRequest = "account creation request",
        Organization = "organization",
        Parent = "parent",
        Target = "target",
    }
}

entities! {
    /// Entities of Portico's own API.
    Portico: PorticoEntity {
        Message = "message",
        MfaDevice = "MFA device",
        PasswordResetRequest = "password reset request",
        Session = "session",
    }
}

impl fmt::Display for Entity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::IdentityCenter(entity) => entity.fmt(f),
            Self::IdentityStore(entity) => entity.fmt(f),
            Self::Objects(entity) => entity.fmt(f),
            Self::Organizations(entity) => entity.fmt(f),
            Self::Portico(entity) => entity.fmt(f),
        }
    }
}
