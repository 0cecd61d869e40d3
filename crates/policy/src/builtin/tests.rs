//! The decisions of the built-in policies.

use super::*;
use crate::{NoFacts, Policies, Request, evaluate};

fn allows(policy: Arc<Policy>, action: &str) -> bool {
    let policies = Policies::identity_based(vec![policy]);
    evaluate(&policies, &Request::new(action, "*", &NoFacts)).is_allowed()
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
        "signin:VerifyEmail",
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
