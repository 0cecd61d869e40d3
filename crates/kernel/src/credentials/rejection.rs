//! Rejections: requests whose caller is refused before any policy is asked.
//!
//! INVARIANT: a caller who proved who they are is in the log under their own name, even if they have no
//! authority any more. Only then can an operator see that a withdrawn key is still in use.

use std::sync::Arc;

use model::Fault;
use policy::{Caller, ClaimedKey, NamedPerson, Principal, RoleSession};

use crate::identified::identified;
use crate::perform::{trace, trace_rejected};
use crate::{Ctx, Portico, callers};

/// The fault of a rejected request, with the caller that the log names.
#[derive(Clone, Debug)]
pub struct Rejection {
    caller: Arc<Caller>,
    fault: Fault,
    /// True if what the caller proved themselves with is good no more.
    is_over: bool,
}

impl Rejection {
    /// A request that names an access key and does not prove that it comes from its holder.
    #[must_use]
    pub fn unproven(key_id: &str, fault: Fault) -> Self {
        let claimed = ClaimedKey::read(key_id);
        let caller = claimed.map_or_else(callers::anonymous, callers::unproven);
        Self { caller, fault, is_over: false }
    }

    /// A request of a caller whose keys are good, refused before its operation.
    #[must_use]
    pub fn of_request(caller: Arc<Caller>, fault: Fault) -> Self {
        Self { caller, fault, is_over: false }
    }

    /// A request that the holder of role credentials signed, whose authority is gone.
    pub(super) fn of_role(session: RoleSession, fault: Fault) -> Self {
        Self::proven(Principal::Role(session), fault)
    }

    /// A request of somebody who had a caller's authority when the request began.
    pub(super) fn of_caller(caller: &Caller, fault: Fault) -> Self {
        Self::proven(caller.principal.clone(), fault)
    }

    /// A request with a secret of a person that is good no more.
    pub(super) fn of_person(person: NamedPerson, fault: Fault) -> Self {
        Self::proven(Principal::NamedPerson(person), fault)
    }

    // INVARIANT: a rejected caller has no policies, so that nothing is allowed to them by mistake.
    fn proven(principal: Principal, fault: Fault) -> Self {
        let caller = identified(callers::without_authority(principal));
        Self { caller, fault, is_over: true }
    }

    /// The rejection of the same caller for another reason.
    #[must_use]
    pub fn because(self, fault: Fault) -> Self {
        Self { fault, ..self }
    }

    /// Tells whether the log has a name for the caller.
    #[must_use]
    pub fn names_somebody(&self) -> bool {
        self.caller.is_known()
    }

    /// The reason, which the answer tells.
    #[must_use]
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Leaves the event of the rejection. `ctx` makes the context of an operation for a caller.
    pub fn trace<'c>(
        &'c self,
        ctx: impl FnOnce(&'c Arc<Caller>) -> Ctx<'c>,
        action: &'static str,
    ) -> Result<(), Fault> {
        let ctx = ctx(&self.caller);
        if self.is_over {
            trace_rejected(&ctx, action, &self.fault)
        } else {
            trace(&ctx, action, &self.fault)
        }
    }
}

/// A request without any identity.
impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        Self { caller: Portico::anonymous(), fault, is_over: false }
    }
}
