//! Values that a shape accepts, for the members of a request that are not under test.

use serde_json::{Map, Value, json};

use super::model::{Kind, Member, Shape};
use super::pattern::Pattern;

/// Texts for all of AWS's patterns; the first text that fits is used.
const TEXTS: &[&str] = &[
    "sample",
    "1",
    "111122223333",
    "/",
    "PT1H",
    "us-east-1",
    "d-0123456789",
    "11111111-2222-3333-4444-555555555555",
    "arn:aws:sso:::instance/ssoins-0123456789abcdef",
    "arn:aws:sso:::permissionSet/ssoins-0123456789abcdef/ps-0123456789abcdef",
    "arn:aws:sso::111122223333:application/ssoins-0123456789abcdef/apl-0123456789abcdef",
    "arn:aws:sso::111122223333:trustedTokenIssuer/ssoins-0123456789abcdef/tti-11111111-2222-3333-4444-555555555555",
    "arn:aws:sso::aws:applicationProvider/custom",
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:kms:us-east-1:111122223333:key/11111111-2222-3333-4444-555555555555",
    "arn:aws:ec2:us-east-1:111122223333:vpc/vpc-01234567",
    "arn:aws:s3:us-east-1:111122223333:bucket",
    "aws:identitystore:enterprise",
    "https://example.com/",
    "10.0.0.0/8",
    "user@example.com",
    "ou-abcd-01234567",
    "r-abcd",
    "car-01234567",
    "ASIAIOSFODNN7EXAMPLE",
];

/// Values for shapes in which well-formed texts are not enough: operation (empty for all), shape,
/// value.
const MEANINGS: &[(&str, &str, &str)] = &[
    ("", "AccountIdType", "111122223333"),
    ("GetUserId", "AttributePath", "userName"),
    ("ListUsers", "AttributePath", "userName"),
    ("", "AttributePath", "displayName"),
    ("", "ClientType", "public"),
    ("", "GrantType", "refresh_token"),
    (
        "",
        "PermissionSetPolicyDocument",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}"#,
    ),
    ("", "Scope", "sso:account:access"),
];

/// Members that services require although their models do not.
const DEMANDED: &[(&str, &[&str])] = &[
    ("CreateGroupRequest", &["DisplayName"]),
    ("CreateUserRequest", &["UserName", "DisplayName", "Name"]),
    ("Name", &["FamilyName", "GivenName"]),
    ("CreateTokenRequest", &["refreshToken"]),
];

/// A minimal value of the shape, or none if none is known.
pub fn sample(shape: Shape<'_>) -> Option<Value> {
    match shape.kind() {
        Kind::Structure => structure(shape).map(Value::Object),
        Kind::List => {
            let length = usize::try_from(shape.min().unwrap_or(0)).unwrap_or(0);
            Some(Value::Array(vec![sample(shape.element()?)?; length]))
        }
        Kind::Map => Some(json!({})),
        Kind::Integer => Some(json!(shape.min().unwrap_or(1).max(1))),
        Kind::Number | Kind::Timestamp => Some(json!(1)),
        Kind::Boolean => Some(json!(true)),
        Kind::Document => Some(json!("sample")),
        Kind::String => text(shape).map(Value::String),
    }
}

/// A minimal structure: its required members.
pub fn structure(shape: Shape<'_>) -> Option<Map<String, Value>> {
    let members = shape.members();
    let chosen: Vec<&Member<'_>> = if shape.is_union() {
        members.first().into_iter().collect()
    } else {
        let demanded = demanded(shape);
        members.iter().filter(|member| demanded.contains(&member.name)).collect()
    };
    let value = |member: &&Member<'_>| Some((member.name.to_owned(), sample(member.shape)?));
    chosen.iter().map(value).collect()
}

/// The members that the model or the service requires.
pub fn demanded(shape: Shape<'_>) -> Vec<&str> {
    let more = DEMANDED.iter().find(|(name, _)| *name == shape.name);
    let more = more.into_iter().flat_map(|(_, members)| members.iter().copied());
    shape.required().into_iter().chain(more).collect()
}

fn text(shape: Shape<'_>) -> Option<String> {
    let meaning = MEANINGS.iter().find(|(operation, name, _)| {
        *name == shape.name && (operation.is_empty() || *operation == shape.operation)
    });
    if let Some((_, _, meaning)) = meaning {
        return Some((*meaning).to_owned());
    }
    if let Some(word) = shape.words().first() {
        return Some((*word).to_owned());
    }
    let least = usize::try_from(shape.min().unwrap_or(0)).unwrap_or(0);
    let padded = TEXTS.iter().map(|text| lengthened(text, least));
    padded.into_iter().find(|text| fits(shape, text))
}

/// Tells whether the model accepts the text.
pub fn fits(shape: Shape<'_>, text: &str) -> bool {
    let length = i64::try_from(text.chars().count()).unwrap_or(i64::MAX);
    shape.min().is_none_or(|min| min <= length)
        && shape.max().is_none_or(|max| length <= max)
        && has_form(shape, text)
}

/// Tells whether the text matches the shape's pattern, at any length.
pub fn has_form(shape: Shape<'_>, text: &str) -> bool {
    let Some(pattern) = shape.pattern() else { return true };
    Pattern::new(pattern).is_ok_and(|pattern| pattern.matches(text))
}

/// The text, padded to a length with its last character.
pub fn lengthened(text: &str, least: usize) -> String {
    let missing = least.saturating_sub(text.chars().count());
    let end = text.chars().next_back().unwrap_or('a');
    text.chars().chain(std::iter::repeat_n(end, missing)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::model::example::model;
    use super::*;

    #[test]
    fn a_sample_has_what_is_required_and_no_more() {
        let model = model();
        let input = model.input("Make").unwrap();
        assert_eq!(sample(input), Some(json!({"Name": "sample"})));
        let members = input.members();
        let find = |name: &str| members.iter().find(|member| member.name == name).unwrap().shape;
        assert_eq!(sample(find("Size")), Some(json!(1)));
        assert_eq!(sample(find("Tags")), Some(json!([])));
        assert_eq!(sample(find("Kind")), Some(json!("BIG")));
        assert_eq!(sample(find("Who")), Some(json!({"User": "sample"})));
    }

    #[test]
    fn a_text_is_lengthened_with_its_end() {
        assert_eq!(lengthened("ab", 4), "abbb");
        assert_eq!(lengthened("abcd", 2), "abcd");
    }
}
