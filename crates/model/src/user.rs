//! A user of an identity store.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::attribute::{AttributeText, Birthdate, EmailAddress};
use crate::external_id::ExternalId;
use crate::ids::{IdentityStoreId, UserId};
use crate::texts::{fold, is_visible, text_newtype};

/// The one extension that users have.
pub const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// A user, as the database holds them.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct User {
    pub id: UserId,
    pub identity_store_id: IdentityStoreId,
    /// Unique in the identity store, without regard to case.
    pub user_name: UserName,
    pub display_name: AttributeText,
    pub attributes: UserAttributes,
    pub external_ids: Vec<ExternalId>,
    pub status: UserStatus,
    /// Counts the changes, from 1.
    pub revision: i64,
    /// Role credentials from before this moment are not good any more.
    pub credentials_not_before_ms: i64,
    pub created_at_ms: i64,
    pub created_by: String,
    pub updated_at_ms: i64,
    pub updated_by: String,
}

impl User {
    /// The address that mail for the user goes to.
    #[must_use]
    pub fn email(&self) -> Option<&EmailAddress> {
        self.attributes.emails.iter().find_map(|email| email.value.as_ref())
    }
}

text_newtype! {
    /// 1 to 128 visible characters; not a name that AWS keeps for itself.
    // AWS: UserName.
    UserName, |text| {
        if text.is_empty() || (text.len() > 128 && text.chars().count() > 128) {
            return Err("have length between 1 and 128");
        }
        if !text.chars().all(is_visible) {
            return Err("hold only letters, marks, symbols, numbers and punctuation");
        }
        if is_reserved(text) { Err(RESERVED) } else { Ok(()) }
    }
}

impl UserName {
    /// The form in which two names are the same name.
    #[must_use]
    pub fn key(&self) -> String {
        user_name_key(self.as_str())
    }
}

/// The key of a name that someone typed, whether or not it can be a user's.
#[must_use]
pub fn user_name_key(text: &str) -> String {
    fold(text)
}

pub(crate) const RESERVED: &str = "not be Administrator or AWSAdministrators, which are reserved";

/// Whether neither a user nor a group may have this name.
// AWS: «reserved names and can't be used for users or groups».
pub(crate) fn is_reserved(text: &str) -> bool {
    let reserved = ["administrator", "awsadministrators"];
    if text.is_ascii() {
        return reserved.iter().any(|reserved| text.eq_ignore_ascii_case(reserved));
    }
    // A letter that is not ASCII may fold to one that is.
    reserved.contains(&fold(text).as_str())
}

/// Whether a user may sign in.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum UserStatus {
    Enabled,
    Disabled,
}

impl UserStatus {
    /// The word of the API and of the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "ENABLED",
            Self::Disabled => "DISABLED",
        }
    }
}

impl FromStr for UserStatus {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "ENABLED" => Ok(Self::Enabled),
            "DISABLED" => Ok(Self::Disabled),
            _ => Err("be ENABLED or DISABLED"),
        }
    }
}

/// What is known of a person beyond the two names of [`User`]. The database keeps it as JSON in the
/// form of the API.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserAttributes {
    pub name: PersonName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick_name: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_url: Option<AttributeText>,
    /// At most one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// At most one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// At most one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phone_numbers: Vec<Labelled>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_type: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_language: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timezone: Option<AttributeText>,
    /// At most three, one of them primary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<Birthdate>,
    /// At most one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Labelled>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Extensions>,
}

/// A person's name.
// AWS: when used in identity center, a user has a given and a family name.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct PersonName {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<AttributeText>,
    pub family_name: AttributeText,
    pub given_name: AttributeText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honorific_prefix: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub honorific_suffix: Option<AttributeText>,
}

/// An e-mail address.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Email {
    /// Unique in the identity store, without regard to case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<EmailAddress>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}

/// A value with its type: a phone number, or a role in a company.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Labelled {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}

/// A postal address.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Address {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street_address: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}

/// A picture of a person: where it is, or what it is.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub struct Photo {
    pub value: AttributeText,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r#type: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<bool>,
}

/// Attributes that a reply holds only when they are asked for.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Extensions {
    #[serde(rename = "aws:identitystore:enterprise")]
    pub enterprise: Enterprise,
}

/// What a person is in their company.
// RFC 7643 §4.3: the enterprise extension of SCIM, whose names AWS took.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Enterprise {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub employee_number: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_center: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub division: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<Manager>,
}

/// The manager of a person.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Manager {
    /// The manager's user id, by the custom of SCIM.
    pub value: AttributeText,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_name_is_visible_and_not_reserved() {
        assert!("jane.doe+test@example.com".parse::<UserName>().is_ok());
        assert!("ä".repeat(128).parse::<UserName>().is_ok());
        let bad = [
            "",
            "jane doe",
            "jane\n",
            "jane\0",
            "jane\u{a0}",
            "ADMINISTRATOR",
            "awsAdministrators",
        ];
        for text in bad {
            assert!(text.parse::<UserName>().is_err(), "{text:?}");
        }
        assert!("ä".repeat(129).parse::<UserName>().is_err());
    }

    #[test]
    fn attributes_read_back_and_a_bad_row_does_not() {
        let json = r#"{"Name":{"FamilyName":"Doe","GivenName":"Jane"},"Emails":[{"Value":"jane@example.com","Primary":true}],"Extensions":{"aws:identitystore:enterprise":{"costCenter":"7"}}}"#;
        let attributes: UserAttributes = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&attributes).unwrap(), json);
        let bad = json.replace("Doe", r"\u0000");
        assert!(serde_json::from_str::<UserAttributes>(&bad).is_err());
    }
}
