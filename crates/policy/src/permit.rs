//! Permits: the proof that a caller may perform an action.

use std::sync::Arc;

use model::{Denial, Fault};

use crate::{Caller, Facts, Request, evaluate};

/// The proof that `caller` may perform `action` on `resource`.
#[derive(Clone, Debug)]
#[must_use = "a permit that nobody uses means a check that guards nothing"]
pub struct Permit {
    caller: Arc<Caller>,
    action: &'static str,
    resource: String,
}

impl Permit {
    /// The caller.
    #[must_use]
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The caller, shared, for records that outlive the permit.
    #[must_use]
    pub fn shared_caller(&self) -> &Arc<Caller> {
        &self.caller
    }

    /// The allowed action, `service:Action`.
    #[must_use]
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The resource of the action: an ARN, or `*`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// A refusal of the action of this permit, for a reason outside of policies.
    #[must_use]
    pub fn refusal(&self, because: &str) -> Fault {
        refusal(&self.caller, self.action, &self.resource, because)
    }
}

/// Evaluates the policies of the caller for an action on a resource.
pub fn authorize(
    caller: &Arc<Caller>,
    action: &'static str,
    resource: &str,
    facts: &dyn Facts,
) -> Result<Permit, Fault> {
    let request = Request::new(action, resource, facts);
    let decision = evaluate(&caller.policies, &request);
    if decision.is_allowed() {
        let (caller, resource) = (Arc::clone(caller), resource.to_owned());
        return Ok(Permit { caller, action, resource });
    }
    Err(refusal(caller, action, resource, &decision.to_string()))
}

fn refusal(caller: &Caller, action: &str, resource: &str, because: &str) -> Fault {
    Fault::Denied(Box::new(Denial {
        caller: caller.arn(),
        action: action.to_owned(),
        resource: resource.to_owned(),
        because: because.to_owned(),
    }))
}
