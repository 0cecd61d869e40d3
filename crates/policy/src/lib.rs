//! The IAM policy language: who may do what to which resource.
//!
//! IAM User Guide, "Policy evaluation logic". A [`Permit`] is the proof that an evaluation ended in
//! Allow. Nothing else in the workspace can make one, and `store` reads and writes for nobody
//! without one.

pub mod builtin;
mod caller;
mod language;
mod permit;

pub use caller::{Caller, PersonSession, Principal, RolePerson, RoleSession};
pub use language::{Decision, Facts, NoFacts, Policy, Request, evaluate};
pub use permit::{Permit, authorize};
