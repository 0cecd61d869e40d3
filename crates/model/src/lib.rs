//! The types of Portico's domain: identifiers, entities, faults, audit events, and the traits of
//! clock and random generator.
//!
//! No I/O, no protocol, no SQL; the only dependencies are serde's and Unicode's tables.

pub mod assignment;
pub mod attribute;
pub mod audit;
pub mod bucket;
pub mod calendar;
mod case_fold;
pub mod clock;
pub mod external_id;
pub mod fault;
pub mod group;
pub mod ids;
pub mod instance;
pub mod invisible;
pub mod job;
pub mod legible;
pub mod likeness;
pub mod membership;
pub mod message;
pub mod mfa;
pub mod network;
pub mod network_shares;
pub mod new_name;
pub mod oauth;
pub mod object;
pub mod organization;
pub mod password;
pub mod permission_set;
pub mod random;
mod reserved_name;
pub mod role;
pub mod service;
pub mod session;
pub mod session_settings;
pub mod setting;
pub mod shown_user;
pub mod sign_in_record;
pub mod source_network;
pub mod tag;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod text_type;
pub mod token;
pub mod user;
mod visible;
mod words;

pub use audit::AuditEvent;
pub use clock::Clock;
pub use fault::{
    Denial, Entity, Fault, IdentityCenterEntity, IdentityStoreEntity, OAuthError, OAuthFault,
    ObjectsEntity, OrganizationsEntity, PorticoEntity, SignatureFlaw,
};
pub use random::Random;
