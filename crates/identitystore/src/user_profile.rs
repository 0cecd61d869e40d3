//! Profile of a user in `CreateUser`, and after `UpdateUser`.

use std::str::FromStr;

use model::Fault;
use model::attribute::AttributeText;
use model::invisible::is_blank;
use model::new_name::NewName;
use model::user::{
    Address, ENTERPRISE, Email, Enterprise, Extensions, Labelled, Manager, PersonName, Photo, User,
    UserAttributes, UserName,
};
use protocol::Fields;
use serde_json::{Map, Value};

use super::attribute_shape::translate_enterprise;

/// Attributes of a user that can be set and changed.
#[derive(Clone, Debug)]
pub struct UserProfile {
    pub user_name: UserName,
    pub display_name: AttributeText,
    pub attributes: UserAttributes,
}

impl UserProfile {
    /// Returns the profile of a user in the form of a `CreateUser` request.
    pub(super) fn draft(user: &User) -> Result<Map<String, Value>, Fault> {
        let draft = serde_json::to_value(&user.attributes)
            .map_err(|why| Fault::broken_at("writing the attributes of a user", why))?;
        let Value::Object(mut draft) = draft else {
            return Err(Fault::broken("attributes of a user are not an object"));
        };
        draft.insert("UserName".to_owned(), user.user_name.as_str().into());
        draft.insert("DisplayName".to_owned(), user.display_name.as_str().into());
        Ok(draft)
    }
}

impl UserProfile {
    /// Reads the profile of a new user, or of one who was stored as `before`.
    // AWS: the model leaves every attribute optional; a user of Identity Center has a user name, a
    // display name, a given and a family name.
    pub(super) fn read(fields: &Fields<'_>, before: Option<&User>) -> Result<Self, Fault> {
        Ok(Self {
            user_name: name_or_kept(fields, "UserName", before.map(|user| &user.user_name))?,
            display_name: display_name(fields, before)?,
            attributes: UserAttributes {
                name: name(fields)?,
                nick_name: fields.optional("NickName")?,
                profile_url: fields.optional("ProfileUrl")?,
                emails: list(fields, "Emails", 1, |one| email(one, before))?,
                addresses: list(fields, "Addresses", 1, address)?,
                phone_numbers: list(fields, "PhoneNumbers", 1, labelled)?,
                user_type: fields.optional("UserType")?,
                title: fields.optional("Title")?,
                preferred_language: fields.optional("PreferredLanguage")?,
                locale: fields.optional("Locale")?,
                timezone: fields.optional("Timezone")?,
                photos: photos(fields)?,
                website: fields.optional("Website")?,
                birthdate: fields.optional("Birthdate")?,
                roles: list(fields, "Roles", 1, labelled)?,
                extensions: extensions(fields)?,
            },
        })
    }
}

fn list<T>(
    fields: &Fields<'_>,
    field: &str,
    items_max: usize,
    read: impl Fn(&Fields<'_>) -> Result<T, Fault>,
) -> Result<Vec<T>, Fault> {
    // AWS: a list is either absent or not empty.
    let items = fields.objects(field, 1..=items_max)?.unwrap_or_default();
    items.iter().map(read).collect()
}

/// Reads a name that is new to its owner, or the one that the owner has already: that may be older
/// than the rules for new names.
pub(super) fn name_or_kept<T: FromStr<Err = &'static str> + PartialEq>(
    fields: &Fields<'_>,
    field: &str,
    kept: Option<&T>,
) -> Result<T, Fault> {
    let name = fields.required(field)?;
    if kept == Some(&name) {
        return Ok(name);
    }
    fields.required(field).map(|NewName(name)| name)
}

// AWS: any text of white space and visible characters. Portico wants one that people can see.
fn display_name(fields: &Fields<'_>, before: Option<&User>) -> Result<AttributeText, Fault> {
    const FIELD: &str = "DisplayName";
    let name: AttributeText = fields.required(FIELD)?;
    let is_kept = before.is_some_and(|user| user.display_name == name);
    if !is_kept && is_blank(name.as_str()) {
        return Err(fields.invalid(FIELD, "hold a visible character"));
    }
    Ok(name)
}

fn name(fields: &Fields<'_>) -> Result<PersonName, Fault> {
    let name = fields.object("Name")?.ok_or_else(|| fields.missing("Name"))?;
    Ok(PersonName {
        formatted: name.optional("Formatted")?,
        family_name: name.required("FamilyName")?,
        given_name: name.required("GivenName")?,
        middle_name: name.optional("MiddleName")?,
        honorific_prefix: name.optional("HonorificPrefix")?,
        honorific_suffix: name.optional("HonorificSuffix")?,
    })
}

fn email(fields: &Fields<'_>, before: Option<&User>) -> Result<Email, Fault> {
    const VALUE: &str = "Value";
    let kept = before.and_then(User::email);
    let value = fields.has(VALUE).then(|| name_or_kept(fields, VALUE, kept)).transpose()?;
    Ok(Email { value, r#type: fields.optional("Type")?, primary: fields.boolean("Primary")? })
}

fn labelled(fields: &Fields<'_>) -> Result<Labelled, Fault> {
    Ok(Labelled {
        value: fields.optional("Value")?,
        r#type: fields.optional("Type")?,
        primary: fields.boolean("Primary")?,
    })
}

fn address(fields: &Fields<'_>) -> Result<Address, Fault> {
    Ok(Address {
        street_address: fields.optional("StreetAddress")?,
        locality: fields.optional("Locality")?,
        region: fields.optional("Region")?,
        postal_code: fields.optional("PostalCode")?,
        country: fields.optional("Country")?,
        formatted: fields.optional("Formatted")?,
        r#type: fields.optional("Type")?,
        primary: fields.boolean("Primary")?,
    })
}

fn photos(fields: &Fields<'_>) -> Result<Vec<Photo>, Fault> {
    let photos = list(fields, "Photos", 3, |photo| {
        Ok(Photo {
            value: photo.required("Value")?,
            r#type: photo.optional("Type")?,
            display: photo.optional("Display")?,
            primary: photo.boolean("Primary")?,
        })
    })?;
    if photos.iter().filter(|photo| photo.primary == Some(true)).count() > 1 {
        return Err(fields.invalid("Photos", "have at most one that is primary"));
    }
    Ok(photos)
}

fn extensions(fields: &Fields<'_>) -> Result<Option<Extensions>, Fault> {
    const FIELD: &str = "Extensions";
    let Some(extensions) = fields.object(FIELD)? else { return Ok(None) };
    if extensions.names().any(|name| name != ENTERPRISE) {
        return Err(fields.invalid(FIELD, "hold only aws:identitystore:enterprise"));
    }
    let document = extensions.document(ENTERPRISE);
    let document = document.ok_or_else(|| fields.invalid(FIELD, "have 1 to 10 members"))?;
    let translated = translate_enterprise(document);
    let translated = translated.map_err(|must| extensions.invalid(ENTERPRISE, must))?;
    let Value::Object(members) = &translated else {
        return Err(extensions.invalid(ENTERPRISE, "be an object"));
    };
    let path = format!("{FIELD}.{ENTERPRISE}");
    let members = Fields::inside(members, &path);
    let manager = members.object("manager")?;
    let manager = manager.map(|manager| Ok(Manager { value: manager.required("value")? }));
    let enterprise = Enterprise {
        employee_number: members.optional("employeeNumber")?,
        cost_center: members.optional("costCenter")?,
        organization: members.optional("organization")?,
        division: members.optional("division")?,
        department: members.optional("department")?,
        manager: manager.transpose()?,
    };
    let nothing = members.names().next().is_none();
    Ok((!nothing).then_some(Extensions { enterprise }))
}
