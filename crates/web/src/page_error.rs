//! Reasons for which a page does not come. `routes` answers each with another page.

use model::Fault;

use crate::page::Page;

/// Reason for which a page does not come.
#[derive(Debug)]
pub(crate) enum PageError {
    /// No person is signed in, or the session is over.
    SignIn,
    /// No role is in use, or its keys have ended. The portal opens the console again.
    OpenConsole,
    /// The organisation has no instance yet.
    EnableInstance,
    /// The form was made for another session, by another site, or too long ago.
    StaleForm,
    Fault(Fault),
}

impl From<Fault> for PageError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Result of a page handler.
pub(crate) type Answer<T = Page> = Result<T, PageError>;
