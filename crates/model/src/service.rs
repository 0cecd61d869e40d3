//! The services that Portico answers as, each declared once.
//!
//! The router, the errors, the condition keys of policies, `xtask`, the tests and the scripts of
//! `tests/parts` read this list. A new service is one row here, and a crate.

/// A service of the wire.
#[derive(Debug, Eq, PartialEq)]
pub struct Service {
    /// First half of `X-Amz-Target`; where a protocol has no such header, of names in the same form.
    pub target: &'static str,
    /// Prefix of its actions in policies. Service Authorization Reference.
    pub action_prefix: &'static str,
    /// Action in the audit log of requests for an operation that it does not have.
    pub unknown_action: &'static str,
    /// Name in the credential scope of signatures. `None` where requests are not signed.
    pub signing_name: Option<&'static str>,
    /// Name of its public model in botocore. `None` for an API of our own.
    pub model: Option<&'static str>,
    pub protocol: Protocol,
}

/// The protocol of a service, with the table of its errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Protocol {
    AwsJson(AwsJsonErrors),
    RestJson(RestJsonErrors),
    /// AWS Query, with the `Version` of its requests and the XML namespace of its replies.
    Query {
        version: &'static str,
        namespace: &'static str,
    },
}

/// The names that an awsJson service has for its errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum AwsJsonErrors {
    /// sso-admin, identitystore and our own: `ValidationException`, `ConflictException` …
    IdentityCenter,
    /// organizations has a name of its own for most things.
    Organizations,
}

/// The way a REST-JSON service tells of errors.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RestJsonErrors {
    /// sso-oidc: `error` and `error_description` of RFC 6749.
    Oidc,
    /// sso: `message`.
    Portal,
}

pub const IDENTITY_STORE: Service = Service {
    target: "AWSIdentityStore",
    action_prefix: "identitystore",
    unknown_action: "identitystore:Unknown",
    signing_name: Some("identitystore"),
    model: Some("identitystore"),
    protocol: Protocol::AwsJson(AwsJsonErrors::IdentityCenter),
};

pub const SSO_ADMIN: Service = Service {
    target: "SWBExternalService",
    action_prefix: "sso",
    unknown_action: "sso:Unknown",
    signing_name: Some("sso"),
    model: Some("sso-admin"),
    protocol: Protocol::AwsJson(AwsJsonErrors::IdentityCenter),
};

pub const ORGANIZATIONS: Service = Service {
    target: "AWSOrganizationsV20161128",
    action_prefix: "organizations",
    unknown_action: "organizations:Unknown",
    signing_name: Some("organizations"),
    model: Some("organizations"),
    protocol: Protocol::AwsJson(AwsJsonErrors::Organizations),
};

/// Our own operations: what AWS keeps for its console.
pub const PORTICO_ADMIN: Service = Service {
    target: "PorticoAdmin",
    action_prefix: "portico",
    unknown_action: "portico:Unknown",
    signing_name: Some("portico"),
    model: None,
    protocol: Protocol::AwsJson(AwsJsonErrors::IdentityCenter),
};

pub const SSO_OIDC: Service = Service {
    target: "SSOOIDC",
    action_prefix: "sso-oauth",
    unknown_action: "sso-oauth:Unknown",
    signing_name: None,
    model: Some("sso-oidc"),
    protocol: Protocol::RestJson(RestJsonErrors::Oidc),
};

pub const SSO_PORTAL: Service = Service {
    target: "SSOPortal",
    action_prefix: "awsssoportal",
    unknown_action: "awsssoportal:Unknown",
    signing_name: None,
    model: Some("sso"),
    protocol: Protocol::RestJson(RestJsonErrors::Portal),
};

pub const STS: Service = Service {
    target: "STS",
    action_prefix: "sts",
    unknown_action: "sts:Unknown",
    signing_name: Some("sts"),
    model: Some("sts"),
    protocol: Protocol::Query {
        version: "2011-06-15",
        namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    },
};

/// Every service, in the order of the table of operations.
pub const SERVICES: &[&Service] =
    &[&IDENTITY_STORE, &SSO_ADMIN, &ORGANIZATIONS, &PORTICO_ADMIN, &SSO_OIDC, &SSO_PORTAL, &STS];

/// The service whose operations are named after this target.
#[must_use]
pub fn find(target: &str) -> Option<&'static Service> {
    SERVICES.iter().copied().find(|service| service.target == target)
}

/// The service of AWS Query whose requests have this `Version`. No two have the same.
#[must_use]
pub fn find_by_version(version: &str) -> Option<&'static Service> {
    let has_version = |service: &&Service| match service.protocol {
        Protocol::Query { version: known, .. } => known == version,
        Protocol::AwsJson(_) | Protocol::RestJson(_) => false,
    };
    SERVICES.iter().copied().find(has_version)
}

impl Service {
    /// Tells whether requests that are signed for this name are AWS Query's.
    #[must_use]
    pub fn is_query_of(&self, signing_name: &str) -> bool {
        matches!(self.protocol, Protocol::Query { .. }) && self.signing_name == Some(signing_name)
    }
}
