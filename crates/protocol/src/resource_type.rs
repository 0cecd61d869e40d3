//! The `ResourceType` of identitystore, in replies and messages.

use model::{Entity, IdentityStoreEntity};

/// The `ResourceType` of an entity. Only the entities of identitystore have one.
pub(crate) fn resource_type(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::IdentityStore(entity) => Some(match entity {
            IdentityStoreEntity::User => "USER",
            IdentityStoreEntity::Group => "GROUP",
            IdentityStoreEntity::GroupMembership => "GROUP_MEMBERSHIP",
            IdentityStoreEntity::IdentityStore => "IDENTITY_STORE",
        }),
        Entity::IdentityCenter(_)
        | Entity::Objects(_)
        | Entity::Organizations(_)
        | Entity::Portico(_) => None,
    }
}
