//! The proof that a caller may do something.

use std::sync::Arc;

use model::{Denial, Fault};

use crate::{Caller, Facts, Request, evaluate};

/// The proof that `caller` may do `action` to `resource`.
#[derive(Clone, Debug)]
#[must_use = "a permit that nobody uses means a check that guards nothing"]
pub struct Permit {
    caller: Arc<Caller>,
    action: &'static str,
    resource: String,
}

impl Permit {
    /// Who was allowed.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The same, for whoever keeps it longer than the permit.
    #[must_use]
    pub fn shared_caller(&self) -> &Arc<Caller> {
        &self.caller
    }

    /// What they were allowed to do, `service:Action`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// What they were allowed to do it to: an ARN, or `*`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The refusal of what this permit is for, after all: the policies allowed it, `because` does not.
    #[must_use]
    pub fn refusal(&self, because: &str) -> Fault {
        refusal(&self.caller, self.action, &self.resource, because)
    }
}

/// Asks the policies of the caller.
pub fn authorize(
    caller: &Arc<Caller>,
    action: &'static str,
    resource: &str,
    facts: &dyn Facts,
) -> Result<Permit, Fault> {
    let decision = evaluate(&caller.policies, &Request { action, resource, facts });
    if decision.allowed {
        let (caller, resource) = (Arc::clone(caller), resource.to_owned());
        return Ok(Permit { caller, action, resource });
    }
    Err(refusal(caller, action, resource, &decision.because.to_string()))
}

fn refusal(caller: &Caller, action: &str, resource: &str, because: &str) -> Fault {
    Fault::Denied(Box::new(Denial {
        caller: caller.arn(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        because: because.to_owned(),
    }))
}
