//! Attributes of users and groups that can be changed, and their structure.
//!
//! Paths and documents use the attribute names of SCIM (`name.givenName`), requests and replies
//! those of the API (`Name.GivenName`). These tables map both to the names of the API.

use model::user::ENTERPRISE;
use serde_json::{Map, Value};

use super::attribute_path::AttributePath;

/// Attribute, by its name in the API.
pub(super) struct Attribute {
    name: &'static str,
    inside: Inside,
}

/// Structure of an attribute's value.
#[derive(Clone, Copy)]
enum Inside {
    /// Text or boolean.
    Nothing,
    Members(&'static [Attribute]),
    /// List of objects with these members. It is replaced as a whole.
    Items(&'static [Attribute]),
}

const fn leaf(name: &'static str) -> Attribute {
    Attribute { name, inside: Inside::Nothing }
}

const fn members(name: &'static str, members: &'static [Attribute]) -> Attribute {
    Attribute { name, inside: Inside::Members(members) }
}

const fn items(name: &'static str, items: &'static [Attribute]) -> Attribute {
    Attribute { name, inside: Inside::Items(items) }
}

/// Attributes of a user.
// AWS: the ids, the status and the memberships of a user are not attributes that can be changed.
pub(super) const USER: &[Attribute] = &[
    leaf("UserName"),
    leaf("DisplayName"),
    members("Name", NAME),
    leaf("NickName"),
    leaf("ProfileUrl"),
    items("Emails", LABELLED),
    items("Addresses", ADDRESS),
    items("PhoneNumbers", LABELLED),
    leaf("UserType"),
    leaf("Title"),
    leaf("PreferredLanguage"),
    leaf("Locale"),
    leaf("Timezone"),
    items("Photos", PHOTO),
    leaf("Website"),
    leaf("Birthdate"),
    items("Roles", LABELLED),
    members("Extensions", EXTENSIONS),
];

/// Attributes of a group.
pub(super) const GROUP: &[Attribute] = &[leaf("DisplayName"), leaf("Description")];

const NAME: &[Attribute] = &[
    leaf("Formatted"),
    leaf("FamilyName"),
    leaf("GivenName"),
    leaf("MiddleName"),
    leaf("HonorificPrefix"),
    leaf("HonorificSuffix"),
];

const LABELLED: &[Attribute] = &[leaf("Value"), leaf("Type"), leaf("Primary")];

const ADDRESS: &[Attribute] = &[
    leaf("StreetAddress"),
    leaf("Locality"),
    leaf("Region"),
    leaf("PostalCode"),
    leaf("Country"),
    leaf("Formatted"),
    leaf("Type"),
    leaf("Primary"),
];

const PHOTO: &[Attribute] = &[leaf("Value"), leaf("Type"), leaf("Display"), leaf("Primary")];

const EXTENSIONS: &[Attribute] = &[members(ENTERPRISE, IN_ENTERPRISE)];

const IN_ENTERPRISE: &[Attribute] = &[
    leaf("employeeNumber"),
    leaf("costCenter"),
    leaf("organization"),
    leaf("division"),
    leaf("department"),
    members("manager", &[leaf("value")]),
];

/// Place in the API's form of a user or a group.
pub(super) struct Place {
    /// Member names from the outermost to the innermost; never empty.
    pub(super) names: Vec<&'static str>,
    inside: Inside,
}

/// Finds the place of a path, if the attribute exists.
pub(super) fn find(attributes: &'static [Attribute], path: &AttributePath) -> Option<Place> {
    let mut place = Place { names: Vec::new(), inside: Inside::Members(attributes) };
    for word in path.words() {
        // AWS: a path names an extension without the map that holds it, and never the map.
        if place.names.is_empty() && word.contains(':') {
            place = enter(place, "Extensions")?;
        } else if word.eq_ignore_ascii_case("Extensions") {
            return None;
        }
        place = enter(place, word)?;
    }
    Some(place)
}

fn enter(mut place: Place, word: &str) -> Option<Place> {
    let Inside::Members(members) = place.inside else { return None };
    let member = members.iter().find(|member| member.name.eq_ignore_ascii_case(word))?;
    place.names.push(member.name);
    Some(Place { inside: member.inside, ..place })
}

impl Place {
    /// A document under the names of the API; a member that does not exist is an error, as the end
    /// of the sentence `<field> must …`. Whether the values are good is for others to say.
    pub(super) fn translate(&self, document: &Value) -> Result<Value, &'static str> {
        translate(self.inside, document)
    }
}

/// Translates the document of an extension to the form in which it is stored.
pub(super) fn translate_enterprise(document: &Value) -> Result<Value, &'static str> {
    translate(Inside::Members(IN_ENTERPRISE), document)
}

fn translate(inside: Inside, document: &Value) -> Result<Value, &'static str> {
    match (inside, document) {
        (Inside::Members(members), Value::Object(fields)) => translate_members(members, fields),
        (Inside::Items(members), Value::Array(list)) => {
            let item = |item: &Value| translate(Inside::Members(members), item);
            list.iter().map(item).collect::<Result<_, _>>().map(Value::Array)
        }
        (Inside::Nothing | Inside::Members(_) | Inside::Items(_), other) => Ok(other.clone()),
    }
}

fn translate_members(
    members: &[Attribute],
    fields: &Map<String, Value>,
) -> Result<Value, &'static str> {
    let mut translated = Map::new();
    for (name, value) in fields {
        let member = members.iter().find(|member| member.name.eq_ignore_ascii_case(name));
        let member = member.ok_or("hold only members that the attribute has")?;
        let twice = translated.insert(member.name.to_owned(), translate(member.inside, value)?);
        if twice.is_some() {
            return Err("hold each member once");
        }
    }
    Ok(Value::Object(translated))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn place(path: &str) -> Option<String> {
        find(USER, &path.parse().unwrap()).map(|place| place.names.join("/"))
    }

    #[test]
    fn a_path_leads_to_the_names_of_the_api_in_any_case() {
        assert_eq!(place("username").as_deref(), Some("UserName"));
        assert_eq!(place("name.givenName").as_deref(), Some("Name/GivenName"));
        assert_eq!(
            place("aws:identitystore:enterprise.manager.value").as_deref(),
            Some("Extensions/aws:identitystore:enterprise/manager/value")
        );
    }

    #[test]
    fn what_is_no_attribute_or_not_to_be_changed_has_no_place() {
        for path in [
            "userId",
            "userStatus",
            "externalIds",
            "memberships",
            "revision",
            "extensions",
            "extensions.x",
            "emails.value",
            "userName.x",
            "name.x",
            "aws:identitystore:other",
            "aws:identitystore:enterprise.x",
            "name.aws",
        ] {
            assert_eq!(place(path), None, "{path}");
        }
    }

    #[test]
    fn a_document_is_translated_and_unknown_members_are_refused() {
        let emails = find(USER, &"emails".parse().unwrap()).unwrap();
        let document = json!([{"value": "jane@example.com", "Primary": true}]);
        let translated = json!([{"Value": "jane@example.com", "Primary": true}]);
        assert_eq!(emails.translate(&document), Ok(translated));
        assert!(emails.translate(&json!([{"display": "x"}])).is_err());
        assert!(emails.translate(&json!([{"value": "x", "Value": "y"}])).is_err());
    }
}
