//! The policies of those whose policies nobody attaches: strangers, people in the portal, Portico
//! at its own work, and its operator.
//!
//! They are documents like all others, read and evaluated by the same code, so that nobody comes to
//! a permit by another way. What a person may do in an account, the policies of a role say.

use std::sync::{Arc, LazyLock};

use crate::Policy;
use crate::managed::compile;

macro_rules! builtin {
    ($(#[$doc:meta])* $function:ident, $name:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $function() -> Arc<Policy> {
            static COMPILED: LazyLock<Arc<Policy>> = LazyLock::new(|| {
                compile($name, include_str!(concat!("builtin/", $name, ".json")))
            });
            Arc::clone(&COMPILED)
        }
    };
}

builtin! {
    /// What nobody in particular may do: connect a client, and sign in.
    anonymous, "PorticoAnonymous"
}

builtin! {
    /// What a person may do who signed in, before they take a role.
    person, "PorticoPerson"
}

builtin! {
    /// What Portico may do at long work and at its own start.
    portico, "PorticoItself"
}

builtin! {
    /// What the operator's role may do.
    operator, "PorticoOperator"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{NoFacts, Request, evaluate};

    fn allows(policy: Arc<Policy>, action: &str) -> bool {
        evaluate(&[policy], &Request { action, resource: "*", facts: &NoFacts }).allowed
    }

    #[test]
    fn a_stranger_may_connect_a_client_and_sign_in_and_nothing_else() {
        for action in [
            "sso-oauth:RegisterClient",
            "sso-oauth:StartDeviceAuthorization",
            "sso-oauth:CreateToken",
            "signin:Authenticate",
            "signin:SetPassword",
            "signin:RedeemSetUpLink",
        ] {
            assert!(allows(anonymous(), action), "{action}");
        }
        for action in [
            "sso-oauth:CreateTokenWithIAM",
            "signin:AuthorizeDevice",
            "signin:AuthorizeClient",
            "awsssoportal:ListAccounts",
            "identitystore:ListUsers",
            "portico:ListSessions",
            "s3:GetObject",
            "sts:GetCallerIdentity",
        ] {
            assert!(!allows(anonymous(), action), "{action}");
        }
    }

    #[test]
    fn a_person_may_use_the_portal_and_nothing_else() {
        for action in [
            "awsssoportal:ListAccounts",
            "awsssoportal:ListAccountRoles",
            "awsssoportal:GetRoleCredentials",
            "awsssoportal:Logout",
            "signin:AuthorizeDevice",
            "signin:AuthorizeClient",
            "signin:SignOut",
            "signin:SetPassword",
        ] {
            assert!(allows(person(), action), "{action}");
        }
        for action in [
            "signin:RedeemSetUpLink",
            "identitystore:ListUsers",
            "sso:CreateAccountAssignment",
            "portico:ResetUserPassword",
            "s3:ListAllMyBuckets",
        ] {
            assert!(!allows(person(), action), "{action}");
        }
    }

    #[test]
    fn portico_and_its_operator_may_do_everything() {
        for policy in [portico(), operator()] {
            assert!(allows(Arc::clone(&policy), "portico:ClaimJob"));
            assert!(allows(policy, "identitystore:DeleteUser"));
        }
    }
}
