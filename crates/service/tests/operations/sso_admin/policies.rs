//! Policies of permission sets.

use model::Fault;
use serde_json::{Value, json};

use super::{Center, each, is_conflict, missing, one_by_one, wrong_field};

const READ: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";
const VIEW: &str = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";

fn managed(set: &str, arn: &str) -> Value {
    json!({"PermissionSetArn": set, "ManagedPolicyArn": arn})
}

fn inline(set: &str, document: &str) -> Value {
    json!({"PermissionSetArn": set, "InlinePolicy": document})
}

#[test]
fn managed_policies_are_attached_listed_and_detached() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let attach = |arn| center.call("AttachManagedPolicyToPermissionSet", managed(&set, arn));
    assert_eq!(attach(READ), Ok(json!({})));
    assert_eq!(attach(VIEW), Ok(json!({})));
    assert!(is_conflict(&attach(READ)));

    let this = json!({ "PermissionSetArn": set });
    let list = "ListManagedPoliciesInPermissionSet";
    let listed = center.call(list, this.clone()).unwrap();
    let names = each(&listed, "AttachedManagedPolicies", Some("Name"));
    assert_eq!(names, ["ReadOnlyAccess", "ViewOnlyAccess"]);
    assert_eq!(each(&listed, "AttachedManagedPolicies", Some("Arn")), [READ, VIEW]);
    assert_eq!(one_by_one(&center, list, &this, "AttachedManagedPolicies").len(), 2);

    let detach = |arn| center.call("DetachManagedPolicyFromPermissionSet", managed(&set, arn));
    assert_eq!(detach(READ), Ok(json!({})));
    assert_eq!(missing(detach(READ)), "managed policy");
    let left = center.call(list, this).unwrap();
    assert_eq!(each(&left, "AttachedManagedPolicies", Some("Arn")), [VIEW]);
}

#[test]
fn a_policy_that_cannot_be_evaluated_is_not_attached() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let attach = |arn: &str| center.call("AttachManagedPolicyToPermissionSet", managed(&set, arn));
    assert_eq!(missing(attach("arn:aws:iam::aws:policy/AmazonEC2FullAccess")), "managed policy");
    assert_eq!(wrong_field(attach("arn:aws:iam::123456789012:policy/Mine")), "ManagedPolicyArn");
    assert_eq!(wrong_field(attach("")), "ManagedPolicyArn");
    let listed =
        center.call("ListManagedPoliciesInPermissionSet", json!({"PermissionSetArn": set}));
    assert_eq!(listed, Ok(json!({"AttachedManagedPolicies": []})));
}

#[test]
fn an_inline_policy_reads_back_as_it_was_written() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let this = json!({ "PermissionSetArn": set });
    let find = || center.call("GetInlinePolicyForPermissionSet", this.clone()).unwrap();
    assert_eq!(find(), json!({"InlinePolicy": ""}));
    let document = "{ \"Version\": \"2012-10-17\",\n \"Statement\": \
        {\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\"} }";
    let put = center.call("PutInlinePolicyToPermissionSet", inline(&set, document));
    assert_eq!(put, Ok(json!({})));
    assert_eq!(find(), json!({ "InlinePolicy": document }));
    for _ in 0..2 {
        let deleted = center.call("DeleteInlinePolicyFromPermissionSet", this.clone());
        assert_eq!(deleted, Ok(json!({})));
        assert_eq!(find(), json!({"InlinePolicy": ""}));
    }
}

#[test]
fn an_inline_policy_that_is_no_policy_is_refused_at_its_place() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let put =
        |document: &str| center.call("PutInlinePolicyToPermissionSet", inline(&set, document));
    let with_condition = |condition: &str| {
        format!(
            "{{\"Statement\": {{\"Effect\": \"Allow\", \"Action\": \"*\", \"Resource\": \"*\",\n \
            \"Condition\": {{{condition}}}}}}}"
        )
    };
    match put(&with_condition(r#""DateBefore": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}"#)) {
        Err(Fault::Invalid { field, must }) => {
            assert_eq!(field, "InlinePolicy");
            assert!(must.contains("DateBefore") && must.contains("line 2, column 16"), "{must}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(wrong_field(put("{")), "InlinePolicy");
    assert_eq!(wrong_field(put("")), "InlinePolicy");
    assert_eq!(wrong_field(put(&" ".repeat(32_769))), "InlinePolicy");
    let long = format!(
        r#"{{"Statement": {{"Effect": "Allow", "Action": "*", "Resource": "arn:aws:s3:::{}"}}}}"#,
        "x".repeat(10_240)
    );
    assert_eq!(wrong_field(put(&long)), "InlinePolicy");
    let this = json!({ "PermissionSetArn": set });
    let kept = center.call("GetInlinePolicyForPermissionSet", this).unwrap();
    assert_eq!(kept, json!({"InlinePolicy": ""}));
    let good = with_condition(r#""DateLessThan": {"aws:CurrentTime": "2030-01-01T00:00:00Z"}"#);
    assert_eq!(put(&good), Ok(json!({})));
}

#[test]
fn condition_keys_that_are_asked_for_in_vain_are_in_the_event() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let put = |actions: &str| {
        let document = format!(
            r#"{{"Statement": {{"Effect": "Deny", "Action": {actions}, "Resource": "*",
                "Condition": {{"StringLike": {{"s3:prefix": "secret/*"}}}}}}}}"#
        );
        center.bench.clock.advance(1);
        center.call("PutInlinePolicyToPermissionSet", inline(&set, &document)).unwrap();
    };
    put(r#""s3:ListBucket*""#);
    put(r#"["s3:ListBucket", "s3:GetObject"]"#);
    let events = center.bench.logged("sso:PutInlinePolicyToPermissionSet");
    let answered = events.iter().map(|event| {
        let details: Value = serde_json::from_str(&event.details).unwrap();
        details["responseElements"].clone()
    });
    let told = "no request for s3:GetObject has the condition key s3:prefix (statement 1)";
    let mut answered: Vec<Value> = answered.collect();
    answered.sort_by_key(ToString::to_string);
    let expected = [json!({"unsuppliedConditionKeys": [told]}), json!({})];
    assert_eq!(answered, expected);
}
