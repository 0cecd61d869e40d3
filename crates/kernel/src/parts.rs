//! Parts of a page that the role may not see: the words of the refusal take the place of the part.
//!
//! INVARIANT: the first refusal of each action is on disk before the answer, as the refusal of an
//! operation is. Further refusals of the action on one page are shown and not recorded, so the
//! number of events of a page does not depend on its rows.

use model::Fault;
use policy::Permit;
use protocol::sentence;

use crate::Ctx;
use crate::perform::trace;

/// A part that the role may see, or the whole sentence why it may not.
pub type Permitted<T> = Result<T, String>;

/// Turns a refusal into its words. Other faults stay faults.
pub fn permitted<T>(outcome: Result<T, Fault>) -> Result<Permitted<T>, Fault> {
    match outcome {
        Ok(answer) => Ok(Ok(answer)),
        Err(fault @ Fault::Denied(_)) => Ok(Err(sentence(&fault))),
        Err(fault) => Err(fault),
    }
}

/// Asks the policies for the parts of one page.
pub struct Parts<'c, 'a> {
    ctx: &'c Ctx<'a>,
    /// Actions whose refusal was recorded.
    recorded: Vec<&'static str>,
}

impl<'c, 'a> Parts<'c, 'a> {
    #[must_use]
    pub fn new(ctx: &'c Ctx<'a>) -> Self {
        Self { ctx, recorded: Vec::new() }
    }

    /// Asks for `action` on all of `resources`.
    ///
    /// INVARIANT: no [`Read`](store::Read) of this thread is open, because a refusal is written.
    pub fn ask(
        &mut self,
        action: &'static str,
        resources: &[String],
    ) -> Result<Permitted<()>, Fault> {
        self.ask_also(action, resources, |_| Ok(()))
    }

    /// Asks as [`ask`](Self::ask) does, and then a condition beside the policies.
    pub fn ask_also(
        &mut self,
        action: &'static str,
        resources: &[String],
        condition: impl FnOnce(&Permit) -> Result<(), Fault>,
    ) -> Result<Permitted<()>, Fault> {
        let asked = self.ctx.asked();
        let permit = self.ctx.authorize_all(action, resources);
        let outcome = permit.and_then(|permit| condition(&permit));
        if let Err(fault) = &outcome
            && !self.recorded.contains(&action)
        {
            self.recorded.push(action);
            trace(self.ctx, action, fault)?;
        }
        self.ctx.replace_asked(asked);
        permitted(outcome)
    }
}
