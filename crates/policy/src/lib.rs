//! The IAM policy language: who may do what to which resource.
//!
//! IAM User Guide, "Policy evaluation logic". A [`Permit`] is the proof that an evaluation ended in
//! Allow. Nothing else in the workspace can make one, and `store` reads and writes for nobody
//! without one.

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

pub use caller::{Caller, PersonSession, Principal, RolePerson, RoleSession};
pub use evaluate::{Because, Decision, evaluate};
pub use facts::{Facts, NoFacts, Request};
pub use language::{Label, Policy};
pub use permit::{Permit, authorize};
