//! Parsing policy documents.

use model::Fault;

use super::Policy;

fn complaint(document: &str) -> String {
    match Policy::parse("InlinePolicy", document) {
        Err(Fault::Invalid { field, must }) => format!("{field} must {must}."),
        other => format!("{other:?}"),
    }
}

/// A document with one statement that allows all, with `more` added.
fn with(more: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*"{more}}}}}"#
    )
}

#[test]
fn a_statement_may_stand_alone_or_in_a_list() {
    assert!(Policy::parse("p", &with("")).is_ok());
    let list = r#"{"Id":"x","Statement":[{"Sid":"","Effect":"Deny","NotAction":["s3:*"],"NotResource":["*"]}]}"#;
    assert!(Policy::parse("p", list).is_ok());
}

#[test]
fn what_the_evaluator_does_not_know_is_refused_by_name() {
    assert_eq!(
        complaint(&with(r#","Condition":{"DateLessThan":{"aws:CurrentTime":"2030-01-01"}}"#)),
        "InlinePolicy must not use the condition operator \"DateLessThan\", which Portico does \
        not evaluate yet (statement 1)."
    );
    assert_eq!(
        complaint(&with(r#","Sid":"Vpc","Condition":{"StringEquals":{"aws:SourceVpc":"vpc-1"}}"#)),
        "InlinePolicy must not use the condition key \"aws:SourceVpc\", which Portico does not \
        evaluate yet (statement Vpc)."
    );
    assert_eq!(
        complaint(&with(r#","Principal":"*""#)),
        "InlinePolicy must not have the element Principal: the policy is about whoever it is \
        attached to (statement 1)."
    );
    assert_eq!(
        complaint(&with(r#","Conditions":{}"#)),
        "InlinePolicy must not have the element \"Conditions\", which the policy language does \
        not know (statement 1)."
    );
    assert_eq!(
        complaint(r#"{"version":"2012-10-17","Statement":[]}"#),
        "InlinePolicy must not have the element \"version\", which the policy language does not \
        know."
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
        (r#"{"Statement":[1]}"#, "statement"),
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
    }
}

#[test]
fn a_sid_names_one_statement() {
    let document = r#"{"Statement":[
        {"Sid":"A","Effect":"Allow","Action":"*","Resource":"*"},
        {"Sid":"A","Effect":"Deny","Action":"*","Resource":"*"}]}"#;
    assert_eq!(complaint(document), "InlinePolicy must have each Sid only once, \"A\" too.");
}

#[test]
fn variables_need_the_new_version() {
    let statement = r#"{"Effect":"Deny","Action":"*","Resource":"arn:aws:s3:::${aws:userid}"}"#;
    for version in ["", r#""Version":"2008-10-17","#] {
        let document = format!(r#"{{{version}"Statement":{statement}}}"#);
        assert!(complaint(&document).contains("have the Version \"2012-10-17\""));
    }
    let document = format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#);
    assert!(Policy::parse("p", &document).is_ok());
}
