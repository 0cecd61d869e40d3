//! The services that speak AWS Query.

/// A service that speaks AWS Query.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Service {
    /// The name in the credential scope.
    pub name: &'static str,
    /// The `Version` of its requests.
    pub version: &'static str,
    /// The XML namespace of its replies.
    pub namespace: &'static str,
}

/// AWS Security Token Service.
pub const STS: Service = Service {
    name: "sts",
    version: "2011-06-15",
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
};

/// AWS Identity and Access Management.
pub const IAM: Service = Service {
    name: "iam",
    version: "2010-05-08",
    namespace: "https://iam.amazonaws.com/doc/2010-05-08/",
};

impl Service {
    /// The service with this version. Versions are unique.
    #[must_use]
    pub fn of_version(version: &str) -> Option<Self> {
        [STS, IAM].into_iter().find(|service| service.version == version)
    }
}
