//! Parsing policy documents.

use model::Fault;

use super::{Policy, PolicyType};

const TYPES: [PolicyType; 6] = [
    PolicyType::IdentityBased,
    PolicyType::PermissionsBoundary,
    PolicyType::Session,
    PolicyType::ResourceBased,
    PolicyType::RoleTrust,
    PolicyType::ServiceControl,
];

fn complaint_of(policy_type: PolicyType, document: &str) -> String {
    match Policy::parse(policy_type, "InlinePolicy", document) {
        Err(Fault::Invalid { field, must }) => format!("{field} must {must}."),
        other => format!("{other:?}"),
    }
}

fn complaint(document: &str) -> String {
    complaint_of(PolicyType::IdentityBased, document)
}

fn is_good(policy_type: PolicyType, document: &str) -> bool {
    Policy::parse(policy_type, "p", document).is_ok()
}

/// A document with one statement that allows all, with `more` added.
fn with(more: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*"{more}}}}}"#
    )
}

#[test]
fn a_statement_may_stand_alone_or_in_a_list() {
    assert!(is_good(PolicyType::IdentityBased, &with("")));
    let list = r#"{"Id":"x","Statement":[{"Sid":"","Effect":"Deny","NotAction":["s3:*"],"NotResource":["*"]}]}"#;
    assert!(is_good(PolicyType::IdentityBased, list));
}

#[test]
fn what_the_language_does_not_have_is_refused_by_name_and_place() {
    assert_eq!(
        complaint(&with(r#","Condition":{"DateBefore":{"aws:CurrentTime":"2030-01-01"}}"#)),
        "InlinePolicy must have condition operators of IAM, not \"DateBefore\", in statement 1 \
        (line 1, column 96)."
    );
    assert_eq!(
        complaint(&with(r#","Sid":"Vpc","Principal":"*""#)),
        "InlinePolicy must not have the element Principal: the policy is about whoever it is \
        attached to, in statement Vpc (line 1, column 95)."
    );
    assert_eq!(
        complaint("{\"Statement\": [\n  {\"Effect\": \"Allow\",\n   \"Ressource\": \"*\"}]}"),
        "InlinePolicy must not have the element \"Ressource\", which the policy language does \
        not know, in statement 1 (line 3, column 4)."
    );
    assert_eq!(
        complaint(r#"{"version":"2012-10-17","Statement":[]}"#),
        "InlinePolicy must not have the element \"version\", which the policy language does not \
        know (line 1, column 2)."
    );
}

#[test]
fn what_is_not_of_the_form_is_refused() {
    for (document, names) in [
        ("", "JSON"),
        ("[]", "object"),
        ("{}", "Statement"),
        (r#"{"Statement":[]}"#, "Statement"),
        (r#"{"Statement":"x"}"#, "Statement"),
        (r#"{"Statement":[1]}"#, "Statement"),
        (r#"{"Version":"2012-10-18","Statement":[]}"#, "Version"),
        (r#"{"Version":20121017,"Statement":[]}"#, "Version"),
        (r#"{"Id":1,"Statement":[]}"#, "Id"),
        (&with(r#","Effect":"Deny""#), "Effect"),
        (&with(r#","NotAction":"s3:*""#), "NotAction"),
        (&with(r#","NotResource":"*""#), "NotResource"),
        (&with(r#","NotPrincipal":"*""#), "NotPrincipal"),
        (&with(r#","Sid":"a b""#), "Sid"),
        (&with(r#","Sid":7"#), "Sid"),
        (&with(r#","Condition":null"#), "Condition"),
        (r#"{"Statement":{"Effect":"allow","Action":"*","Resource":"*"}}"#, "Effect"),
        (r#"{"Statement":{"Action":"*","Resource":"*"}}"#, "Effect"),
        (r#"{"Statement":{"Effect":"Allow","Resource":"*"}}"#, "Action"),
        (r#"{"Statement":{"Effect":"Allow","Action":"*"}}"#, "Resource"),
        (r#"{"Statement":{"Effect":"Allow","Action":[],"Resource":"*"}}"#, "Action"),
        (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":[]}}"#, "Resource"),
        (r#"{"Statement":{"Effect":"Allow","Action":["*",1],"Resource":"*"}}"#, "Action"),
        (r#"{"Statement":{"Effect":"Allow","Action":"s3","Resource":"*"}}"#, "action"),
        (r#"{"Statement":{"Effect":"Allow","Action":"*","Resource":"b"}}"#, "resource"),
    ] {
        let complaint = complaint(document);
        assert!(complaint.starts_with("InlinePolicy must "), "{document}: {complaint}");
        assert!(complaint.contains(names), "{document}: {complaint}");
        assert!(complaint.contains(" (line 1, column "), "{document}: {complaint}");
    }
}

#[test]
fn a_sid_names_one_statement() {
    let document = r#"{"Statement":[
        {"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},
        {"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    assert_eq!(
        complaint(document),
        "InlinePolicy must have each Sid only once, \"A\" too (line 3, column 9)."
    );
}

#[test]
fn the_old_version_has_no_variables() {
    let document = |version: &str| {
        format!(
            r#"{{{version}"Statement":{{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::${{x"}}}}"#
        )
    };
    for version in ["", r#""Version":"2008-10-17","#] {
        assert!(is_good(PolicyType::IdentityBased, &document(version)), "{version}");
    }
    let complaint = complaint(&document(r#""Version":"2012-10-17","#));
    assert!(complaint.contains("close the brace"), "{complaint}");
}

#[test]
fn principals_belong_to_policies_of_resources_and_roles() {
    let plain = r#"{"Statement":{"Effect":"Deny","Action":"sts:*","Resource":"*"}}"#;
    let with_principal =
        r#"{"Statement":{"Effect":"Deny","Action":"sts:*","Resource":"*","Principal":"*"}}"#;
    let without_resource =
        r#"{"Statement":{"Effect":"Deny","Action":"sts:*","Principal":{"AWS":"*"}}}"#;
    for policy_type in TYPES {
        let is_of_role = policy_type == PolicyType::RoleTrust;
        let is_of_resource = policy_type == PolicyType::ResourceBased;
        let expected = !is_of_role && !is_of_resource;
        assert_eq!(is_good(policy_type, plain), expected, "{policy_type}");
        assert_eq!(is_good(policy_type, with_principal), is_of_resource, "{policy_type}");
        assert_eq!(is_good(policy_type, without_resource), is_of_role, "{policy_type}");
    }
}

#[test]
fn not_principal_is_for_denials_in_policies_of_resources() {
    let document = |effect: &str| {
        format!(
            r#"{{"Statement":{{"Effect":"{effect}","Action":"s3:*","Resource":"*","NotPrincipal":{{"AWS":"123456789012"}}}}}}"#
        )
    };
    assert!(is_good(PolicyType::ResourceBased, &document("Deny")));
    let complaint = complaint_of(PolicyType::ResourceBased, &document("Allow"));
    assert!(complaint.contains("NotPrincipal only with the Effect \"Deny\""), "{complaint}");
    let trust = r#"{"Statement":{"Effect":"Deny","Action":"sts:*","NotPrincipal":"*"}}"#;
    let complaint = complaint_of(PolicyType::RoleTrust, trust);
    assert!(complaint.contains("Principal, not NotPrincipal"), "{complaint}");
}

#[test]
fn a_trust_policy_has_actions_of_sts_only() {
    let document = |action: &str| {
        format!(r#"{{"Statement":{{"Effect":"Allow","Action":"{action}","Principal":"*"}}}}"#)
    };
    assert!(is_good(PolicyType::RoleTrust, &document("STS:AssumeRole*")));
    for action in ["*", "s3:*", "*:*"] {
        let complaint = complaint_of(PolicyType::RoleTrust, &document(action));
        assert!(complaint.contains("only actions of sts"), "{action}: {complaint}");
    }
}

#[test]
fn the_sid_of_a_resources_policy_may_be_a_sentence() {
    let statement = r#"{"Sid":"Read it, from here","Effect":"Deny","Action":"s3:*","Resource":"*""#;
    let with_principal = format!(r#"{{"Statement":{statement},"Principal":"*"}}}}"#);
    assert!(is_good(PolicyType::ResourceBased, &with_principal));
    assert!(!is_good(PolicyType::IdentityBased, &format!(r#"{{"Statement":{statement}}}}}"#)));
}
