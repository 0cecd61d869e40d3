//! The condition keys of a request, which conditions and policy variables read.
//!
//! IAM User Guide, "AWS global condition context keys"; Service Authorization Reference, the keys
//! of each service.
//!
//! A condition on a key that no request supplies is never true, and a Deny with such a condition would
//! have no effect. A document may therefore name only the keys of [`KEYS`] and keys of services that
//! Portico does not serve, which are in no request to Portico, as they are in no request to another
//! service of AWS. Any other key is refused when the policy is attached.
//!
//! INVARIANT: a caller of [`authorize`](crate::authorize) supplies those keys of [`KEYS`] that AWS has
//! in such a request. A key is added to the list together with the code that supplies it.

use model::fault::Text;
use model::ids::AccountId;
use model::service::SERVICES;

use crate::json::quoted;

/// The supported keys, in lower case. The key of a tag follows a key that ends in `/`.
///
/// - Every request has those of the principal and of the request, from the caller and the connection.
/// - Role sessions of people have `identitystore:…`.
/// - No request has `aws:PrincipalTag/…` and `aws:username` yet. At AWS they are missing if the role
///   has no tags and the principal is not an IAM user.
/// - `aws:ResourceAccount` comes from the ARN if it names an account, else from the facts of the
///   caller.
/// - `s3:…` are those of `s3:ListBucket` and its variants, if the request has the parameter.
const KEYS: &[&str] = &[
    "aws:epochtime",
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
    "aws:sourceip",
    "aws:useragent",
    "aws:userid",
    "aws:username",
    "identitystore:identitystoreid",
    "identitystore:userid",
    "s3:delimiter",
    "s3:max-keys",
    "s3:prefix",
];

/// Prefixes of keys that requests have here besides those of the services of the wire: global keys,
/// instances in resource policies, sign-in, and S3.
const OTHERS_SERVED: [&str; 4] = ["aws", "identitycenter", "s3", "signin"];

/// Tells whether requests of this service arrive here, so that its keys have to be known.
fn is_served(prefix: &str) -> bool {
    OTHERS_SERVED.contains(&prefix)
        || SERVICES.iter().any(|service| service.action_prefix == prefix)
}

/// A request as policies see it.
pub struct Request<'a> {
    /// `service:Action`.
    pub action: &'a str,
    /// ARN, or `*` for actions that have none.
    pub resource: &'a str,
    pub facts: &'a dyn Facts,
}

/// The condition keys of a request. The keys to supply are listed in `facts.rs`.
pub trait Facts {
    /// The values of a condition key (in any case), or `None` if the request does not have the key.
    fn values(&self, key: &str) -> Option<Vec<String>>;
}

/// Facts without any key.
pub struct NoFacts;

impl Facts for NoFacts {
    fn values(&self, _: &str) -> Option<Vec<String>> {
        None
    }
}

/// The values of a key in a request, by number.
pub(crate) enum Held {
    Nothing,
    One(String),
    Several,
}

impl Request<'_> {
    /// The values of `key`, which is in lower case.
    pub(crate) fn held(&self, key: &str) -> Held {
        let mut values = self.facts.values(key).unwrap_or_default().into_iter();
        match (values.next(), values.next()) {
            (None, _) if key == "aws:resourceaccount" => self.account_of_resource(),
            (None, _) => Held::Nothing,
            (Some(value), None) => Held::One(value),
            (Some(_), Some(_)) => Held::Several,
        }
    }

    // The form of an ARN is arn:partition:service:region:account:resource.
    fn account_of_resource(&self) -> Held {
        let account = self.resource.split(':').nth(4).unwrap_or_default();
        account.parse::<AccountId>().map_or(Held::Nothing, |_| Held::One(account.to_owned()))
    }
}

/// Reads a key into lower case; `what` is its name in the error.
// AWS: the names of keys are case-insensitive, including the keys of tags in them.
pub(crate) fn parse_key(text: &str, what: &str) -> Result<Box<str>, Text> {
    let (service, name) = text.split_once(':').unwrap_or_default();
    let is_clean = text.trim() == text && !text.contains(char::is_control);
    if service.is_empty() || name.is_empty() || !is_clean {
        return Err(format!("have a {what} of the form service:name, not {}", quoted(text)).into());
    }
    let key = text.to_ascii_lowercase();
    let service = service.to_ascii_lowercase();
    if is_served(&service) && !is_known(&key) {
        let key = quoted(text);
        return Err(format!("not use the {what} {key}, which Portico does not evaluate yet").into());
    }
    Ok(key.into())
}

fn is_known(key: &str) -> bool {
    KEYS.iter().any(|known| match known.strip_suffix('/') {
        Some(_) => key.len() > known.len() && key.starts_with(known),
        None => key == *known,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_nobody_supplies_is_refused_by_name() {
        assert_eq!(
            parse_key("aws:SourceVpce", "condition key").unwrap_err(),
            "not use the condition key \"aws:SourceVpce\", which Portico does not evaluate yet"
        );
        assert!(parse_key("s3:x-amz-acl", "condition key").is_err());
        assert!(parse_key("aws:PrincipalTag/", "condition key").is_err());
        assert!(parse_key("aws:PrincipalTagX", "condition key").is_err());
    }

    #[test]
    fn keys_of_services_that_are_not_served_pass() {
        let key = parse_key("sagemaker:WorkteamType", "condition key").unwrap();
        assert_eq!(&*key, "sagemaker:workteamtype");
    }

    #[test]
    fn case_does_not_matter() {
        assert_eq!(&*parse_key("AWS:UserID", "condition key").unwrap(), "aws:userid");
        let tag = parse_key("aws:PrincipalTag/Cost Center", "condition key").unwrap();
        assert_eq!(&*tag, "aws:principaltag/cost center");
    }

    #[test]
    fn what_is_no_key_is_refused() {
        for text in ["", "username", ":", "aws:", ":username", " aws:userid", "aws:userid\n"] {
            assert!(parse_key(text, "condition key").is_err(), "{text:?}");
        }
    }

    #[test]
    fn the_account_of_a_resource_is_read_from_its_arn() {
        let held = |resource| Request { action: "a:B", resource, facts: &NoFacts };
        let resource = "arn:aws:identitystore::123456789012:identitystore/d-0123456789";
        assert!(
            matches!(held(resource).held("aws:resourceaccount"), Held::One(id) if id == "123456789012")
        );
        for resource in ["*", "arn:aws:s3:::bucket", "arn:aws:s3:::a:123456789012"] {
            assert!(matches!(held(resource).held("aws:resourceaccount"), Held::Nothing));
        }
    }
}
