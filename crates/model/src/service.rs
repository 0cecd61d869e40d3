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
    /// AWS Query.
    Query,
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
    signing_name: Some("identitystore"),
    model: Some("identitystore"),
    protocol: Protocol::AwsJson(AwsJsonErrors::IdentityCenter),
};

pub const SSO_ADMIN: Service = Service {
    target: "SWBExternalService",
    action_prefix: "sso",
    signing_name: Some("sso"),
    model: Some("sso-admin"),
    protocol: Protocol::AwsJson(AwsJsonErrors::IdentityCenter),
};

pub const ORGANIZATIONS: Service = Service {
    target: "AWSOrganizationsV20161128",
    action_prefix: "organizations",
    signing_name: Some("organizations"),
    model: Some("organizations"),
    protocol: Protocol::AwsJson(AwsJsonErrors::Organizations),
};

/// Our own operations: what AWS keeps for its console.
pub const PORTICO_ADMIN: Service = Service {
    target: "PorticoAdmin",
    action_prefix: "portico",
    signing_name: Some("portico"),
    model: None,
    protocol: Protocol::AwsJson(AwsJsonErrors::IdentityCenter),
};

pub const SSO_OIDC: Service = Service {
    target: "SSOOIDC",
    action_prefix: "sso-oauth",
    signing_name: None,
    model: Some("sso-oidc"),
    protocol: Protocol::RestJson(RestJsonErrors::Oidc),
};

pub const SSO_PORTAL: Service = Service {
    target: "SSOPortal",
    action_prefix: "awsssoportal",
    signing_name: None,
    model: Some("sso"),
    protocol: Protocol::RestJson(RestJsonErrors::Portal),
};

pub const STS: Service = Service {
    target: "STS",
    action_prefix: "sts",
    signing_name: Some("sts"),
    model: Some("sts"),
    protocol: Protocol::Query,
};

/// Every service, in the order of the table of operations.
pub const SERVICES: &[&Service] =
    &[&IDENTITY_STORE, &SSO_ADMIN, &ORGANIZATIONS, &PORTICO_ADMIN, &SSO_OIDC, &SSO_PORTAL, &STS];

/// The service whose operations are named after this target.
#[must_use]
pub fn find(target: &str) -> Option<&'static Service> {
    SERVICES.iter().copied().find(|service| service.target == target)
}
