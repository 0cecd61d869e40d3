//! Stock clients work with a sandbox whose clock was moved, without a restart of either.

use serde_json::json;

use crate::support::{Home, Keys, Portico, Request};

const PYTHON: &str = "import boto3
print(len(boto3.client('sso-admin').list_instances()['Instances']))
s3 = boto3.client('s3')
s3.put_object(Bucket='letters', Key='k', Body=b'v')
print(s3.get_object(Bucket='letters', Key='k')['Body'].read().decode())
";

const JAVASCRIPT: &str = "const { SSOAdmin } = require('@aws-sdk/client-sso-admin');
console.log((await new SSOAdmin().listInstances()).Instances.length);";

#[test]
fn stock_clients_get_in_after_the_clock_was_moved_and_after_a_reset() {
    let portico = Portico::sandbox();
    let home = Home::of(&portico).with_keys(&Keys::sandbox());
    let is_let_in = || {
        home.aws(&["s3", "mb", "s3://letters"]).ok();
        let listed = home.aws(&["sso-admin", "list-instances"]).json();
        assert_eq!(listed["Instances"].as_array().unwrap().len(), 1, "{listed}");
        assert_eq!(home.python(PYTHON).ok(), "1\nv\n");
        assert_eq!(home.node(JAVASCRIPT).ok(), "1\n");
        let link = home.aws(&["s3", "presign", "s3://letters/k"]).ok();
        let path = link.trim().split_once(&portico.endpoint()).unwrap().1;
        let host = portico.address.to_string();
        assert_eq!(portico.send(&Request::get(path).header("host", &host)).text(), "v");
    };
    let advance = json!({ "advanceSeconds": 3600 });
    assert_eq!(portico.send(&Request::post("/_sandbox/clock").json(&advance)).status, 200);
    is_let_in();
    portico.reset();
    is_let_in();
}
