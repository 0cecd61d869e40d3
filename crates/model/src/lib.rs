//! The nouns of Portico: identifiers, entities, faults, audit events, and the two outside senses
//! (time and randomness). No I/O, no protocol, no SQL; the only dependencies are serde's.

pub mod assignment;
pub mod attribute;
pub mod audit;
pub mod bucket;
mod deserialize;
pub mod external_id;
pub mod fault;
pub mod group;
pub mod ids;
pub mod instance;
pub mod job;
pub mod membership;
pub mod oauth;
pub mod object;
pub mod organization;
pub mod password;
pub mod permission_set;
pub mod role;
pub mod senses;
pub mod service;
pub mod session;
pub mod shown_user;
pub mod tag;
mod texts;
pub mod user;

pub use audit::AuditEvent;
pub use fault::{Denial, Entity, Fault, OAuthError, OAuthFault, SignatureFlaw};
pub use senses::{Clock, Random};
