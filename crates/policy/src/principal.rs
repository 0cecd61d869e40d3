//! The elements Principal and `NotPrincipal`: whom a resource-based policy is about.
//!
//! IAM User Guide, "Principal", "`NotPrincipal`".

use std::collections::BTreeSet;

use model::ids::AccountId;

use crate::json::{Flaw, Node, quoted};
use crate::request::Requester;

/// The principals of a statement.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Principals(BTreeSet<Named>);

/// A principal as a document names it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Named {
    Everyone,
    /// All of an account, as far as the account lets them.
    Account(Box<str>),
    /// A user, a role or a session, by ARN or unique id.
    Identity(Box<str>),
    Provider(Box<str>),
    Service(Box<str>),
    /// An account, by the id that only S3 has for it. It names nobody here.
    CanonicalUser(Box<str>),
}

/// How a statement's principals include a requester.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Reach {
    /// By the account: the policies of the requester decide too.
    Account,
    /// By the role: its permissions boundary and session policies limit the grant.
    Role,
    /// By the very user or session, or as everyone.
    Direct,
}

impl Principals {
    /// Reads the element `name`.
    pub(crate) fn parse(name: &str, element: &Node) -> Result<Self, Flaw> {
        if element.text() == Some("*") {
            return Ok(Self([Named::Everyone].into()));
        }
        let kinds = element.members().filter(|kinds| !kinds.0.is_empty()).ok_or_else(|| {
            let must = format!("have \"*\", or an object such as {{\"AWS\": …}}, in {name}");
            Flaw::new(element.at, must)
        })?;
        let mut principals = BTreeSet::new();
        for member in &kinds.0 {
            let kind = member.name.as_str();
            if member.node.items().is_empty() {
                let must = format!("have at least one principal in {kind}");
                return Err(Flaw::new(member.node.at, must));
            }
            for item in member.node.items() {
                let text = item.text().filter(|text| !text.is_empty()).ok_or_else(|| {
                    Flaw::new(item.at, format!("have text, or a list of texts, in {kind}"))
                })?;
                let named = match kind {
                    "AWS" => Named::parse(text),
                    "Federated" => Some(Named::Provider(text.into())),
                    "Service" => Some(Named::Service(text.into())),
                    "CanonicalUser" => Some(Named::CanonicalUser(text.into())),
                    _ => {
                        let must = format!(
                            "have AWS, Federated, Service or CanonicalUser in {name}, not {}",
                            quoted(kind)
                        );
                        return Err(Flaw::new(member.at, must));
                    }
                };
                principals.insert(named.ok_or_else(|| {
                    let must = format!(
                        "name principals by *, account, unique id, or the whole ARN of a user, role \
                        or session, not {}",
                        quoted(text)
                    );
                    Flaw::new(item.at, must)
                })?);
            }
        }
        Ok(Self(principals))
    }

    /// How the principals include the requester. `None` if they do not.
    pub(crate) fn reach(&self, requester: &Requester<'_>) -> Option<Reach> {
        let reach = |named: &Named| {
            let is = |text: &str, own: Option<&str>| own == Some(text);
            let is_session = requester.session_arn.is_some();
            let (reach, is_named) = match named {
                Named::Everyone => (Reach::Direct, true),
                Named::Account(account) => (Reach::Account, is(account, requester.account)),
                Named::Identity(name) if is(name, requester.session_arn) => (Reach::Direct, true),
                Named::Identity(name) => {
                    let reach = if is_session { Reach::Role } else { Reach::Direct };
                    (reach, is(name, requester.arn) || is(name, requester.unique_id))
                }
                Named::Provider(name) => (Reach::Direct, is(name, requester.provider)),
                Named::Service(name) => (Reach::Direct, is(name, requester.service)),
                Named::CanonicalUser(_) => (Reach::Account, false),
            };
            is_named.then_some(reach)
        };
        self.0.iter().filter_map(reach).max()
    }

    /// Tells whether a `NotPrincipal` spares the requester: it names everything that they are.
    // AWS: an account and a role must be named beside the session, or the statement is about them, and so about
    // the session too.
    pub(crate) fn spare(&self, requester: &Requester<'_>) -> bool {
        if self.0.contains(&Named::Everyone) {
            return true;
        }
        let has = |named: Named| self.0.contains(&named);
        let is_named =
            |name: Option<&str>| name.is_none_or(|name| has(Named::Identity(name.into())));
        let is_account = |account: &str| has(Named::Account(account.into()));
        let is_identity = requester.arn.is_some()
            && is_named(requester.arn)
            && is_named(requester.session_arn)
            && requester.account.is_none_or(is_account);
        is_identity
            || requester.provider.is_some_and(|name| has(Named::Provider(name.into())))
            || requester.service.is_some_and(|name| has(Named::Service(name.into())))
    }
}

impl Named {
    /// Reads a principal of the kind AWS.
    // AWS: a principal has no wildcards, but `*` for everyone.
    fn parse(text: &str) -> Option<Self> {
        if text == "*" {
            return Some(Self::Everyone);
        }
        if text.parse::<AccountId>().is_ok() {
            return Some(Self::Account(text.into()));
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&byte);
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        if let ["arn", _, service, "", account, name] = parts.as_slice() {
            account.parse::<AccountId>().ok()?;
            let kinds: &[&str] = match *service {
                "iam" if *name == "root" => return Some(Self::Account((*account).into())),
                "iam" => &["user/", "role/"],
                "sts" => &["assumed-role/", "federated-user/"],
                _ => &[],
            };
            let name_in = |kind: &&str| name.strip_prefix(*kind);
            let is_named = |rest: &str| !rest.is_empty() && rest.bytes().all(is_plain);
            return kinds
                .iter()
                .find_map(name_in)
                .is_some_and(is_named)
                .then(|| Self::Identity(text.into()));
        }
        let is_id = text.len() >= 16
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        is_id.then(|| Self::Identity(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    const ROLE: Requester<'_> = Requester {
        account: Some("123456789012"),
        arn: Some("arn:aws:iam::123456789012:role/path/R"),
        session_arn: Some("arn:aws:sts::123456789012:assumed-role/R/ada"),
        unique_id: Some("AROAQNZGKIQY56JQ7WMLA"),
        provider: None,
        service: None,
    };
    const USER: Requester<'_> = Requester {
        arn: Some("arn:aws:iam::123456789012:user/ada"),
        session_arn: None,
        unique_id: Some("AIDAQNZGKIQY56JQ7WMLA"),
        ..ROLE
    };

    fn parse(element: &str) -> Result<Principals, Flaw> {
        Principals::parse("Principal", &json::read(element).unwrap())
    }

    fn reach(element: &str, requester: &Requester<'_>) -> Option<Reach> {
        parse(element).unwrap().reach(requester)
    }

    #[test]
    fn a_requester_is_reached_by_each_of_their_names() {
        for (aws, of_role, of_user) in [
            ("*", Some(Reach::Direct), Some(Reach::Direct)),
            ("123456789012", Some(Reach::Account), Some(Reach::Account)),
            ("arn:aws:iam::123456789012:root", Some(Reach::Account), Some(Reach::Account)),
            ("210987654321", None, None),
            ("arn:aws:iam::123456789012:role/path/R", Some(Reach::Role), None),
            ("arn:aws:iam::123456789012:role/R", None, None),
            ("AROAQNZGKIQY56JQ7WMLA", Some(Reach::Role), None),
            ("arn:aws:sts::123456789012:assumed-role/R/ada", Some(Reach::Direct), None),
            ("arn:aws:sts::123456789012:assumed-role/R/bob", None, None),
            ("arn:aws:iam::123456789012:user/ada", None, Some(Reach::Direct)),
        ] {
            let element = format!(r#"{{"AWS":["{aws}"]}}"#);
            assert_eq!(reach(&element, &ROLE), of_role, "{aws}");
            assert_eq!(reach(&element, &USER), of_user, "{aws}");
        }
        let both = r#"{"AWS":["123456789012","arn:aws:sts::123456789012:assumed-role/R/ada"]}"#;
        assert_eq!(reach(both, &ROLE), Some(Reach::Direct));
    }

    #[test]
    fn strangers_services_and_providers_have_names_of_their_own() {
        let stranger = Requester::default();
        assert_eq!(reach(r#""*""#, &stranger), Some(Reach::Direct));
        assert_eq!(reach(r#"{"AWS":"123456789012"}"#, &stranger), None);
        let service = Requester { service: Some("ec2.amazonaws.com"), ..stranger };
        assert_eq!(reach(r#"{"Service":"ec2.amazonaws.com"}"#, &service), Some(Reach::Direct));
        assert_eq!(reach(r#"{"Service":"s3.amazonaws.com"}"#, &service), None);
        let provider = Requester { provider: Some("accounts.google.com"), ..stranger };
        assert_eq!(reach(r#"{"Federated":"accounts.google.com"}"#, &provider), Some(Reach::Direct));
        assert_eq!(reach(r#"{"Federated":"accounts.google.com"}"#, &service), None);
        assert_eq!(reach(r#"{"CanonicalUser":"79a59df900b949e5"}"#, &ROLE), None);
    }

    #[test]
    fn not_principal_spares_whom_it_names_in_full() {
        let spare = |aws: &str, requester: &Requester<'_>| {
            parse(&format!(r#"{{"AWS":{aws}}}"#)).unwrap().spare(requester)
        };
        let account = r#""arn:aws:iam::123456789012:root""#;
        let role = r#""arn:aws:iam::123456789012:role/path/R""#;
        let session = r#""arn:aws:sts::123456789012:assumed-role/R/ada""#;
        assert!(spare(&format!("[{account},{role},{session}]"), &ROLE));
        assert!(!spare(&format!("[{role},{session}]"), &ROLE));
        assert!(!spare(&format!("[{account},{session}]"), &ROLE));
        assert!(!spare(&format!("[{account},{role}]"), &ROLE));
        assert!(!spare(account, &USER));
        assert!(spare(&format!(r#"[{account},"arn:aws:iam::123456789012:user/ada"]"#), &USER));
        assert!(spare(r#""*""#, &ROLE) && spare(r#""*""#, &Requester::default()));
        assert!(!spare(account, &Requester::default()));
    }

    #[test]
    fn what_names_no_principal_is_refused() {
        for element in [
            r#""123456789012""#,
            r#""""#,
            "{}",
            "[]",
            "null",
            r#"{"AWS":[]}"#,
            r#"{"AWS":""}"#,
            r#"{"AWS":1}"#,
            r#"{"aws":"*"}"#,
            r#"{"AWS":"arn:aws:iam::123456789012:role/*"}"#,
            r#"{"AWS":"arn:aws:iam::123456789012:group/g"}"#,
            r#"{"AWS":"arn:aws:iam::*:root"}"#,
            r#"{"AWS":"arn:aws:s3:::b"}"#,
            r#"{"AWS":"1234"}"#,
            r#"{"AWS":"ada"}"#,
            r#"{"AWS":"arn:aws:iam::123456789012:role/"}"#,
        ] {
            assert!(parse(element).is_err(), "{element}");
        }
    }
}
