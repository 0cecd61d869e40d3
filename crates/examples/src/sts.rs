//! AWS STS.

use serde_json::json;

use crate::{Api, Call, Callers};

pub fn walk(api: &mut dyn Api) {
    // AWS: it answers even where a policy denies it.
    api.call(&Call::new("STS.GetCallerIdentity", json!({})).by(Callers::AnyKeys));
    let key = json!({ "AccessKeyId": "ASIAIOSFODNN7EXAMPLE" });
    // The account is part of the key id; no account owns the answer.
    api.call(&Call::new("STS.GetAccessKeyInfo", key).by(Callers::Organization));
}
