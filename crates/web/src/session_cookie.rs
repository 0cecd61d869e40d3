//! The answer to a person who has just signed in: the cookie of the session and the way on.

use kernel::sessions::NewSession;

use crate::cookies::Cookie;
use crate::page::Page;
use crate::visit::Visit;

/// Leads a person who has just signed in to `return_to`.
///
/// The cookie of the console is dropped, because another person may have opened it in this browser.
pub(crate) fn signed_in(visit: &Visit<'_>, session: &NewSession, return_to: &str) -> Page {
    let seconds = (session.session.expires_at_ms - visit.now_ms()) / 1000;
    let cookie = visit.names.keep(Cookie::Session, session.cookie.reveal(), Some(seconds));
    Page::redirect(return_to).with_cookie(cookie).with_cookie(visit.names.drop(Cookie::Console))
}
