//! The keys that a client signs with.

use serde_json::Value;

/// The keys that a client signs with.
#[derive(Clone, Debug)]
pub struct Keys {
    pub id: String,
    pub secret: String,
    pub session_token: Option<String>,
}

impl Keys {
    /// Keys of the static administrator of a sandbox.
    pub fn sandbox() -> Self {
        Self { id: "test".to_owned(), secret: "test".to_owned(), session_token: None }
    }

    /// Reads `roleCredentials` of the portal, `Credentials` of STS, or the output of a `credential_process`.
    pub fn read(json: &Value) -> Self {
        let find = |name: &str| {
            let lower = name[..1].to_ascii_lowercase() + &name[1..];
            json.get(name).or(json.get(lower))?.as_str().map(str::to_owned)
        };
        Self {
            id: find("AccessKeyId").unwrap(),
            secret: find("SecretAccessKey").unwrap(),
            session_token: find("SessionToken"),
        }
    }
}
