//! The S3 server of a backup, by the variables that the SDKs of AWS read.

use zeroize::Zeroizing;

/// AWS: the region of requests that name none.
const REGION: &str = "us-east-1";

/// A server, and the keys of the operator there.
#[derive(Clone)]
pub struct S3Settings {
    /// A URL without a path.
    pub endpoint: String,
    pub region: String,
    pub keys: S3Keys,
}

#[derive(Clone)]
pub struct S3Keys {
    pub id: String,
    pub secret: Zeroizing<String>,
    pub session_token: Option<Zeroizing<String>>,
}

impl S3Settings {
    /// Reads the environment. Fails with a sentence if it has no keys.
    #[expect(clippy::disallowed_methods, reason = "configuration is read here")]
    pub fn from_environment() -> Result<Self, String> {
        Self::read(|name| std::env::var(name).ok())
    }

    fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        let value = |name| variable(name).filter(|value| !value.is_empty());
        let key = |name| {
            value(name).ok_or_else(|| {
                format!(
                    "a bucket needs keys: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN, if \
                     the keys have one); {name} is not set"
                )
            })
        };
        let region = value("AWS_REGION").or_else(|| value("AWS_DEFAULT_REGION"));
        let region = region.unwrap_or_else(|| REGION.to_owned());
        let endpoint = value("AWS_ENDPOINT_URL_S3").or_else(|| value("AWS_ENDPOINT_URL"));
        Ok(Self {
            endpoint: endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com")),
            region,
            keys: S3Keys {
                id: key("AWS_ACCESS_KEY_ID")?,
                secret: key("AWS_SECRET_ACCESS_KEY")?.into(),
                session_token: value("AWS_SESSION_TOKEN").map(Zeroizing::new),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<S3Settings, String> {
        S3Settings::read(|name| {
            let found = variables.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn what_is_not_set_is_as_with_the_sdks() {
        let keys =
            [("AWS_ACCESS_KEY_ID", "id"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "")];
        let settings = read(&keys).unwrap();
        assert_eq!(settings.endpoint, "https://s3.us-east-1.amazonaws.com");
        assert!(settings.keys.session_token.is_none());
        let more = [("AWS_DEFAULT_REGION", "eu-west-1"), ("AWS_ENDPOINT_URL", "http://a.test")];
        let settings = read(&[&keys[..], &more].concat()).unwrap();
        assert_eq!(
            (settings.region.as_str(), settings.endpoint.as_str()),
            ("eu-west-1", "http://a.test")
        );
        let more =
            [("AWS_ENDPOINT_URL", "http://a.test"), ("AWS_ENDPOINT_URL_S3", "http://b.test")];
        assert_eq!(read(&[&keys[..], &more].concat()).unwrap().endpoint, "http://b.test");
    }

    #[test]
    fn missing_keys_are_named() {
        let said = read(&[("AWS_ACCESS_KEY_ID", "id")]).err().unwrap();
        assert!(said.contains("AWS_SECRET_ACCESS_KEY is not set"), "{said}");
    }
}
