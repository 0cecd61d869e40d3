//! The `ResourceType` of identitystore, in replies and messages.

use model::Entity;

/// The `ResourceType` of an entity. Only the entities of identitystore have one.
pub(crate) fn resource_type(entity: Entity) -> Option<&'static str> {
    match entity {
        Entity::User => Some("USER"),
        Entity::Group => Some("GROUP"),
        Entity::GroupMembership => Some("GROUP_MEMBERSHIP"),
        Entity::IdentityStore => Some("IDENTITY_STORE"),
        Entity::Account
        | Entity::AccountAssignment
        | Entity::Bucket
        | Entity::Child
        | Entity::CreateAccountRequest
        | Entity::Instance
        | Entity::ManagedPolicy
        | Entity::MultipartUpload
        | Entity::Object
        | Entity::Organization
        | Entity::Parent
        | Entity::PermissionSet
        | Entity::Request
        | Entity::Session
        | Entity::Target => None,
    }
}
