//! Rejections: requests whose caller is refused before any policy is asked.
//!
//! INVARIANT: a caller who proved who they are is in the log under their own name, even if they have no
//! authority any more. Only then can an operator see that a withdrawn key is still in use.

use std::sync::Arc;

use model::Fault;
use policy::{Caller, ClaimedKey, FormerPerson, Principal, RoleSession};

use super::identified::identified;
use crate::perform::trace;
use crate::{Ctx, Portico, callers};

/// The fault of a rejected request, with the caller that the log names.
#[derive(Clone, Debug)]
pub struct Rejection {
    caller: Arc<Caller>,
    fault: Fault,
}

impl Rejection {
    /// A request that names an access key and does not prove that it comes from its holder.
    #[must_use]
    pub fn unproven(key_id: &str, fault: Fault) -> Self {
        let claimed = ClaimedKey::read(key_id);
        let caller = claimed.map_or_else(callers::anonymous, callers::unproven);
        Self { caller, fault }
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
    pub(super) fn of_person(person: FormerPerson, fault: Fault) -> Self {
        Self::proven(Principal::FormerPerson(person), fault)
    }

    // INVARIANT: a rejected caller has no policies, so that nothing is allowed to them by mistake.
    fn proven(principal: Principal, fault: Fault) -> Self {
        Self { caller: identified(callers::without_authority(principal)), fault }
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
        trace(&ctx(&self.caller), action, Some(&self.fault))
    }
}

/// A request without any identity.
impl From<Fault> for Rejection {
    fn from(fault: Fault) -> Self {
        Self { caller: Portico::anonymous(), fault }
    }
}
