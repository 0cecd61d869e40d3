//! The answer to a person who has just signed in: the cookies and the way on.

use kernel::sessions::NewSession;
use sign_in::sequence::Progress;

use crate::cookies::Cookie;
use crate::devices_path::after_bypass;
use crate::page::Page;
use crate::problem;
use crate::request_context::RequestContext;

/// Leads a person who has just signed in to `return_to`. Who was let in without the second factor that they lost is led to
/// their second factors first.
///
/// The cookie of the console is dropped, because another person may have opened it in this browser.
pub(crate) fn signed_in(
    context: &RequestContext<'_>,
    session: &NewSession,
    return_to: &str,
) -> Page {
    let seconds = (session.session.expires_at_ms - context.now_ms()) / 1000;
    let cookie = context.names.keep(Cookie::Session, session.cookie.reveal(), Some(seconds));
    let next = if session.is_excused { after_bypass(return_to) } else { return_to.to_owned() };
    Page::redirect(next).with_cookie(cookie).with_cookie(context.names.drop(Cookie::Console))
}

/// Time for which a browser keeps the cookie of a person's own browser, in seconds.
const TRUSTED_SECONDS: i64 = sign_in::trust::TRUST_MS / 1000;

/// Leads a person on who has shown their second factor. `trusted` is the new value of the cookie of a trusted browser.
pub(crate) fn finished(
    context: &RequestContext<'_>,
    progress: &Progress,
    trusted: Option<&str>,
    return_to: &str,
) -> Page {
    let page = match progress {
        Progress::SignedIn(session) => signed_in(context, session, return_to),
        // What the organisation asks for was changed at this moment.
        Progress::SecondStep(_) => problem::second_step_over(),
    };
    match trusted {
        Some(value) => {
            page.with_cookie(context.names.keep(Cookie::Trusted, value, Some(TRUSTED_SECONDS)))
        }
        None => page,
    }
}
