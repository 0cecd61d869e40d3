//! The IAM policy language: which caller may perform which action on which resource.
//!
//! IAM User Guide, "Policy evaluation logic". A [`Permit`] is the proof that an evaluation ended in
//! Allow. Only [`authorize`] makes one, and `store` neither reads nor writes without one.

mod action;
pub mod builtin;
mod caller;
mod condition;
mod evaluate;
mod evaluation;
mod json;
mod key;
mod language;
pub mod managed;
mod pattern;
mod permit;
mod principal;
mod request;
mod resource;
pub mod supplied;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use caller::{
    Caller, ClaimedKey, Grounds, NamedPerson, PersonSession, Principal, RolePerson, RoleSession,
};
pub use evaluate::{Deciding, Decision, Policies, ResourcePolicy, evaluate, evaluate_with};
pub use language::{Label, Policy, PolicyType};
pub use permit::{Permit, authorize};
pub use request::{Facts, NoFacts, Request, Requester, Values};
