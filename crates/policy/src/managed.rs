//! The AWS managed policies that the console offers for predefined permission sets.
//!
//! IAM Identity Center User Guide, "Predefined permissions". Where the documents come from, and
//! under which licence, `managed/README.md` says.

use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::Policy;

/// A managed policy.
pub struct ManagedPolicy {
    pub name: &'static str,
    pub arn: &'static str,
    /// The JSON text.
    pub document: &'static str,
    compiled: LazyLock<Arc<Policy>>,
}

impl ManagedPolicy {
    /// The policy, ready to evaluate. It is compiled when first asked for: the longest one takes a
    /// while, and most servers never need it.
    #[must_use]
    pub fn policy(&self) -> Arc<Policy> {
        Arc::clone(&self.compiled)
    }
}

impl fmt::Debug for ManagedPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ManagedPolicy").field(&self.arn).finish()
    }
}

/// The policy of this ARN.
#[must_use]
pub fn find(arn: &str) -> Option<&'static ManagedPolicy> {
    all().iter().find(|managed| managed.arn == arn)
}

/// All of them, in the order in which the console offers them.
#[must_use]
pub fn all() -> &'static [ManagedPolicy] {
    &MANAGED
}

/// Compiles a document that is part of the program.
// INVARIANT: one that did not parse would allow nothing. Tests show that each one parses.
pub(crate) fn compile(name: &str, document: &str) -> Arc<Policy> {
    Arc::new(Policy::parse(name, document).unwrap_or_else(|_| Policy::nothing(name)))
}

macro_rules! managed {
    ($path:literal, $name:literal) => {
        ManagedPolicy {
            name: $name,
            arn: concat!("arn:aws:iam::aws:policy", $path, $name),
            document: include_str!(concat!("managed/", $name, ".json")),
            compiled: LazyLock::new(|| {
                compile($name, include_str!(concat!("managed/", $name, ".json")))
            }),
        }
    };
}

static MANAGED: [ManagedPolicy; 11] = [
    managed!("/", "AdministratorAccess"),
    managed!("/", "PowerUserAccess"),
    managed!("/", "ReadOnlyAccess"),
    managed!("/job-function/", "ViewOnlyAccess"),
    managed!("/job-function/", "Billing"),
    managed!("/job-function/", "DataScientist"),
    managed!("/job-function/", "DatabaseAdministrator"),
    managed!("/job-function/", "NetworkAdministrator"),
    managed!("/", "SecurityAudit"),
    managed!("/job-function/", "SupportUser"),
    managed!("/job-function/", "SystemAdministrator"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Facts, NoFacts, Request, evaluate};

    struct Pairs(&'static [(&'static str, &'static str)]);

    impl Facts for Pairs {
        fn values(&self, key: &str) -> Option<Vec<String>> {
            let (_, value) = self.0.iter().find(|(name, _)| name.eq_ignore_ascii_case(key))?;
            Some(vec![(*value).to_owned()])
        }
    }

    fn allows_with(name: &str, action: &str, resource: &str, facts: &dyn Facts) -> bool {
        let managed = all().iter().find(|managed| managed.name == name).unwrap();
        evaluate(&[managed.policy()], &Request { action, resource, facts }).allowed
    }

    fn allows(name: &str, action: &str) -> bool {
        allows_with(name, action, "*", &NoFacts)
    }

    #[test]
    fn each_parses_and_is_found_by_its_arn() {
        for managed in all() {
            let policy = Policy::parse(managed.name, managed.document).unwrap();
            assert!(!policy.statements().is_empty());
            assert_eq!(find(managed.arn).unwrap().name, managed.name);
            assert_eq!(managed.policy().name(), managed.name);
            assert!(!managed.policy().statements().is_empty());
        }
        let view_only = "arn:aws:iam::aws:policy/job-function/ViewOnlyAccess";
        assert_eq!(find(view_only).unwrap().name, "ViewOnlyAccess");
        assert!(find("arn:aws:iam::aws:policy/ViewOnlyAccess").is_none());
    }

    #[test]
    fn an_administrator_may_do_everything() {
        assert!(allows("AdministratorAccess", "s3:DeleteBucket"));
        assert!(allows("AdministratorAccess", "sso:CreateInstance"));
    }

    #[test]
    fn a_power_user_may_do_what_is_not_about_identities() {
        assert!(allows("PowerUserAccess", "s3:DeleteBucket"));
        assert!(allows("PowerUserAccess", "organizations:DescribeOrganization"));
        assert!(!allows("PowerUserAccess", "organizations:CreateAccount"));
        assert!(!allows("PowerUserAccess", "iam:CreateUser"));
        assert!(allows("PowerUserAccess", "iam:ListRoles"));
    }

    #[test]
    fn readers_only_read() {
        for name in ["ReadOnlyAccess", "ViewOnlyAccess"] {
            assert!(allows(name, "s3:ListAllMyBuckets"), "{name}");
            assert!(!allows(name, "s3:PutObject"), "{name}");
        }
        assert!(allows("ReadOnlyAccess", "s3:GetObject"));
        assert!(!allows("ViewOnlyAccess", "s3:GetObject"));
        let mode = Pairs(&[("s3express:SessionMode", "ReadOnly")]);
        let bucket = "arn:aws:s3express:us-east-1:123456789012:bucket/b";
        assert!(allows_with("ReadOnlyAccess", "s3express:CreateSession", bucket, &mode));
        assert!(!allows_with("ReadOnlyAccess", "s3express:CreateSession", bucket, &NoFacts));
    }

    #[test]
    fn a_data_scientist_stays_in_the_account_and_out_of_domains() {
        let own = Pairs(&[
            ("aws:PrincipalAccount", "123456789012"),
            ("aws:ResourceAccount", "123456789012"),
        ]);
        let foreign = Pairs(&[
            ("aws:PrincipalAccount", "123456789012"),
            ("aws:ResourceAccount", "210987654321"),
        ]);
        let may = |action, resource, facts| allows_with("DataScientist", action, resource, facts);
        assert!(may("cloudformation:CreateStack", "*", &own as &dyn Facts));
        assert!(!may("cloudformation:CreateStack", "*", &foreign));
        assert!(!may("cloudformation:CreateStack", "*", &NoFacts));
        assert!(may("sagemaker:DeleteModel", "arn:aws:sagemaker:r:123456789012:model/m", &NoFacts));
        assert!(!may(
            "sagemaker:DeleteDomain",
            "arn:aws:sagemaker:r:123456789012:domain/d",
            &NoFacts
        ));
        let sagemaker = Pairs(&[("iam:PassedToService", "sagemaker.amazonaws.com")]);
        assert!(may("iam:PassRole", "arn:aws:iam::123456789012:role/r", &sagemaker));
        let lambda = Pairs(&[("iam:PassedToService", "lambda.amazonaws.com")]);
        assert!(!may("iam:PassRole", "arn:aws:iam::123456789012:role/r", &lambda));
        let public = Pairs(&[("sagemaker:WorkteamType", "public-crowd")]);
        let private = Pairs(&[("sagemaker:WorkteamType", "private-crowd")]);
        let definition = "arn:aws:sagemaker:r:123456789012:flow-definition/f";
        assert!(may("sagemaker:CreateFlowDefinition", definition, &private));
        assert!(may("sagemaker:CreateFlowDefinition", definition, &NoFacts));
        assert!(!may("sagemaker:CreateFlowDefinition", definition, &public));
    }

    #[test]
    fn the_other_job_functions_do_their_jobs() {
        for (name, may, may_not) in [
            ("Billing", "billing:GetBillingData", "s3:GetObject"),
            ("DatabaseAdministrator", "rds:CreateDBInstance", "s3:DeleteBucket"),
            ("NetworkAdministrator", "ec2:CreateVpc", "s3:DeleteBucket"),
            ("SecurityAudit", "iam:ListRoles", "s3:GetObject"),
            ("SupportUser", "support:CreateCase", "s3:DeleteBucket"),
            ("SystemAdministrator", "ec2:RunInstances", "iam:CreateUser"),
        ] {
            assert!(allows(name, may), "{name} {may}");
            assert!(!allows(name, may_not), "{name} {may_not}");
        }
    }
}
