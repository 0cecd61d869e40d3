//! The IAM policy language: which caller may perform which action on which resource.
//!
//! IAM User Guide, "Policy evaluation logic". A [`Permit`] is the proof that an evaluation ended in
//! Allow. Only [`authorize`] makes one, and `store` neither reads nor writes without one.

mod action;
pub mod builtin;
mod caller;
mod condition;
mod evaluate;
mod facts;
mod glob;
mod json;
mod language;
pub mod managed;
mod permit;
mod resource;
#[cfg(feature = "testing")]
pub mod testing;

pub use caller::{
    Caller, ClaimedKey, Grounds, NamedPerson, PersonSession, Principal, RolePerson, RoleSession,
};
pub use evaluate::{Because, Decision, evaluate};
pub use facts::{Facts, NoFacts, Request};
pub use language::{Label, Policy};
pub use permit::{Permit, authorize};
