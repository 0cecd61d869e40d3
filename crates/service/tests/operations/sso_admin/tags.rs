//! Tags of instances and permission sets.

use model::Fault;
use serde_json::{Value, json};
use store::LoggedEvent;

use super::{Center, missing, wrong_field};

fn tag(key: &str, value: &str) -> Value {
    json!({"Key": key, "Value": value})
}

#[test]
fn tags_are_set_listed_and_taken_away() {
    let center = Center::new();
    let set = center.create_set("Reader");
    for resource in [&center.arn, &set] {
        let of = |mut more: Value| {
            more["ResourceArn"] = resource.as_str().into();
            more
        };
        let put = |tags: Value| center.call("TagResource", of(json!({ "Tags": tags })));
        assert_eq!(put(json!([tag("b", "1"), tag("a", "")])), Ok(json!({})));
        assert_eq!(put(json!([tag("b", "2")])), Ok(json!({})));
        assert_eq!(put(json!([])), Ok(json!({})));
        let list = || center.call("ListTagsForResource", of(json!({}))).unwrap();
        assert_eq!(list(), json!({"Tags": [tag("a", ""), tag("b", "2")]}));
        let keys = of(json!({"TagKeys": ["b", "never there"]}));
        assert_eq!(center.call("UntagResource", keys), Ok(json!({})));
        assert_eq!(list(), json!({"Tags": [tag("a", "")]}));
    }
    // Events of one millisecond are in no order.
    let lists = |event: &LoggedEvent, keys: &Value| {
        let details: Value = serde_json::from_str(&event.details).unwrap();
        details["requestParameters"]["tagKeys"] == *keys
    };
    for (action, keys) in
        [("sso:TagResource", json!(["b", "a"])), ("sso:UntagResource", json!(["b", "never there"]))]
    {
        let events = center.bench.logged(action);
        assert_eq!(events.iter().filter(|event| lists(event, &keys)).count(), 2, "{action}");
    }
    // The ARN of the resource identifies its instance.
    let alone = json!({"InstanceArn": null, "ResourceArn": set});
    let listed = center.bench.call("SWBExternalService.ListTagsForResource", &alone).unwrap();
    assert_eq!(listed, json!({"Tags": [tag("a", "")]}));
}

#[test]
fn what_cannot_be_tagged_is_refused() {
    let center = Center::new();
    let set = center.create_set("Reader");
    let call = |arn: &str, tags: Value| {
        center.call("TagResource", json!({"ResourceArn": arn, "Tags": tags}))
    };
    let some = json!([tag("a", "1")]);
    assert_eq!(wrong_field(call("arn:aws:s3:::bucket", some.clone())), "ResourceArn");
    let bare = center.arn.rsplit('/').next().unwrap();
    assert_eq!(wrong_field(call(bare, some.clone())), "ResourceArn");
    assert_eq!(wrong_field(call(&set, Value::Null)), "Tags");
    assert_eq!(wrong_field(call(&set, json!([tag("aws:x", "1")]))), "Tags[0].Key");
    assert_eq!(wrong_field(call(&set, json!([tag("", "1")]))), "Tags[0].Key");
    assert_eq!(wrong_field(call(&set, json!([tag("a", &"x".repeat(257))]))), "Tags[0].Value");
    assert_eq!(wrong_field(call(&set, json!([tag("a", "1"), tag("a", "2")]))), "Tags[1].Key");
    let other = json!({
        "InstanceArn": "arn:aws:sso:::instance/ssoins-ffffffffffffffff",
        "ResourceArn": set, "Tags": some,
    });
    assert_eq!(wrong_field(center.call("TagResource", other)), "InstanceArn");
    let gone = format!("{}0", &set[..set.len() - 1]);
    let gone = if gone == set { format!("{}1", &set[..set.len() - 1]) } else { gone };
    assert_eq!(missing(call(&gone, some)), "permission set");
    let keys = json!({"ResourceArn": set, "TagKeys": []});
    assert_eq!(wrong_field(center.call("UntagResource", keys)), "TagKeys");
}

#[test]
fn a_resource_holds_seventy_five_tags() {
    let center = Center::new();
    let many: Vec<_> = (0..75).map(|number| tag(&format!("k{number}"), "")).collect();
    let put =
        |tags: Value| center.call("TagResource", json!({"ResourceArn": center.arn, "Tags": tags}));
    put(json!(many)).unwrap();
    assert!(matches!(put(json!([tag("one more", "")])), Err(Fault::Quota { .. })));
    put(json!([tag("k0", "again")])).unwrap();
    let listed = center.call("ListTagsForResource", json!({"ResourceArn": center.arn})).unwrap();
    assert_eq!(listed["Tags"].as_array().unwrap().len(), 75);
}
