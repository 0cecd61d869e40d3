//! Reading of ids and names from JSON, through their `FromStr`.

macro_rules! deserialize {
    ($($type:path),* $(,)?) => {$(
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

deserialize! {
    crate::ids::AccountId, crate::ids::GroupId, crate::ids::IdentityStoreId, crate::ids::InstanceId,
    crate::ids::PermissionSetArn, crate::ids::PermissionSetId, crate::ids::UserId,
    crate::organization::AccountEmail, crate::organization::AccountName, crate::tag::TagKey,
    crate::tag::TagValue,
}
