//! A policy document: parsing it and evaluating the result.

#![no_main]

use std::sync::Arc;

use libfuzzer_sys::fuzz_target;
use policy::{NoFacts, Policy, Request, evaluate};

fuzz_target!(|document: &str| {
    let Ok(policy) = Policy::parse("fuzzed", document) else { return };
    let request =
        Request { action: "s3:GetObject", resource: "arn:aws:s3:::bucket/key", facts: &NoFacts };
    let policies = [Arc::new(policy)];
    let _ = evaluate(&policies, &request);
});
