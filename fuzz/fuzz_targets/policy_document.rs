//! A policy document: parsing it, evaluating the result, and comparing the decision with that of the naive
//! evaluator.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use policy::testing::naive::{self, Context, Outcome};
use policy::{Decision, Facts, Policies, Policy, PolicyType, Request, Values, evaluate};

struct Known(Context);

impl Facts for Known {
    fn values(&self, key: &str) -> Values<'_> {
        match self.0.get(key).map(Vec::as_slice) {
            None => Values::Missing,
            Some([value]) => Values::One(value.into()),
            Some(values) => Values::Several(values.iter().map(Into::into).collect()),
        }
    }
}

fuzz_target!(|input: (&str, Vec<(String, Vec<String>)>)| {
    let (document, keys) = input;
    let policy_type = PolicyType::IdentityBased;
    for other in [PolicyType::ResourceBased, PolicyType::RoleTrust, PolicyType::ServiceControl] {
        let _ = Policy::parse(other, "fuzzed", document);
    }
    let Ok(policy) = Policy::parse(policy_type, "fuzzed", document) else { return };
    let _ = policy.unsupplied_keys();
    let lower = |(key, values): (String, Vec<String>)| (key.to_ascii_lowercase(), values);
    let known = Known(keys.into_iter().map(lower).collect());
    let request = Request::new("s3:GetObject", "arn:aws:s3:::bucket/key", &known);
    let policies = Policies::identity_based(vec![Arc::new(policy)]);
    let decided = match evaluate(&policies, &request) {
        Decision::Allowed(_) => Outcome::Allowed,
        Decision::ExplicitDeny(_) => Outcome::ExplicitDeny,
        Decision::ImplicitDeny { lacking, .. } => Outcome::ImplicitDeny(lacking),
        Decision::TooMuchWork => return,
    };
    // The naive evaluator has no dates, and counts with doubles.
    if !document.contains("Date") && !document.contains("Numeric") {
        assert_eq!(decided, naive::evaluate(&[(policy_type, document)], &request, &known.0));
    }
});
