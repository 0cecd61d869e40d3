//! The answer to a person who has just signed in: the cookie of the session and the way on.

use kernel::sessions::NewSession;

use crate::cookies::Cookie;
use crate::page::Page;
use crate::request_context::RequestContext;

/// Leads a person who has just signed in to `return_to`.
///
/// The cookie of the console is dropped, because another person may have opened it in this browser.
pub(crate) fn signed_in(
    context: &RequestContext<'_>,
    session: &NewSession,
    return_to: &str,
) -> Page {
    let seconds = (session.session.expires_at_ms - context.now_ms()) / 1000;
    let cookie = context.names.keep(Cookie::Session, session.cookie.reveal(), Some(seconds));
    Page::redirect(return_to).with_cookie(cookie).with_cookie(context.names.drop(Cookie::Console))
}
