//! The attributes of a user: profile, addresses and extensions.

use serde::{Deserialize, Serialize};

use crate::attribute::{AttributeText, Birthdate, EmailAddress};

/// The only extension that users have.
pub const ENTERPRISE: &str = "aws:identitystore:enterprise";

/// The attributes of a user beyond user name and display name. The database stores them as JSON in
/// the form of the API.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UserAttributes {
    pub name: PersonName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nick_name: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_url: Option<AttributeText>,
    /// The list has at most one member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Email>,
    /// The list has at most one member.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<Address>,
    /// The list has at most one member.
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
    /// The list has at most three members, and at most one of them is primary.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<AttributeText>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<Birthdate>,
    /// The list has at most one member.
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
    /// Unique in the identity store among addresses that look the same.
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

/// A picture of a person: its address or its content.
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

/// Attributes that a reply holds only if the request asked for them.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Extensions {
    #[serde(rename = "aws:identitystore:enterprise")]
    pub enterprise: Enterprise,
}

/// The position of a person in their company.
// RFC 7643 §4.3: the enterprise extension of SCIM. AWS uses its names.
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
    /// The user id of the manager, as in SCIM.
    pub value: AttributeText,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_read_back_and_a_bad_row_does_not() {
        let json = r#"{"Name":{"FamilyName":"Doe","GivenName":"Jane"},"Emails":[{"Value":"jane@example.com","Primary":true}],"Extensions":{"aws:identitystore:enterprise":{"costCenter":"7"}}}"#;
        let attributes: UserAttributes = serde_json::from_str(json).unwrap();
        assert_eq!(serde_json::to_string(&attributes).unwrap(), json);
        let bad = json.replace("Doe", r"\u0000");
        assert!(serde_json::from_str::<UserAttributes>(&bad).is_err());
    }
}
