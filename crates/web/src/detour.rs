//! Why a page does not come, and what comes instead.

use model::Fault;

/// What a page runs into on its way.
#[derive(Debug)]
pub(crate) enum Detour {
    /// Nobody is signed in, or the session is over.
    SignIn,
    /// No role is in use, or its keys have ended. The portal opens the console again.
    OpenConsole,
    /// The form was made for another session, by another site, or too long ago.
    StaleForm,
    Fault(Fault),
}

impl From<Fault> for Detour {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What a page handler comes to.
pub(crate) type Answer<T = crate::Page> = Result<T, Detour>;
