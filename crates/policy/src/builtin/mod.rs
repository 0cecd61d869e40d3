//! Built-in policies, of callers to which no policy can be attached: anonymous callers, people in the
//! portal, Portico at its own work, and its operator.
//!
//! They are policy documents, parsed and evaluated by the code for all policies, so that every permit
//! comes from one evaluation. The permissions of a person in an account are those of a role.

use std::sync::{Arc, LazyLock};

use crate::Policy;
use crate::managed::compile;

macro_rules! builtin {
    ($(#[$doc:meta])* $function:ident, $name:literal) => {
        $(#[$doc])*
        #[must_use]
        pub fn $function() -> Arc<Policy> {
            static COMPILED: LazyLock<Arc<Policy>> = LazyLock::new(|| {
                compile($name, include_str!(concat!($name, ".json")))
            });
            Arc::clone(&COMPILED)
        }
    };
}

builtin! {
    /// The permissions of an anonymous caller: register a client, and sign in.
    anonymous, "PorticoAnonymous"
}

builtin! {
    /// The permissions of a person who signed in, without a role.
    person, "PorticoPerson"
}

builtin! {
    /// The permissions of Portico in jobs and at start-up.
    portico, "PorticoItself"
}

builtin! {
    /// The permissions of the role of the operator.
    operator, "PorticoOperator"
}

#[cfg(test)]
mod tests;
