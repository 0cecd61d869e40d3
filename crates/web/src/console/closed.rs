//! Console, closing it: the form "Close console" and the page after it.

use crate::cookies::Cookie;
use crate::detour::Answer;
use crate::page::Page;
use crate::problem;
use crate::visit::Visit;

/// `POST /console/sign-out`: closes the console. The portal stays open.
pub(crate) fn sign_out(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Console)?;
    let has_portal = visit.cookie(Cookie::Session).is_some();
    let next = if has_portal { "/start" } else { "/console/closed" };
    Ok(Page::redirect(next).with_cookie(visit.names.drop(Cookie::Console)))
}

/// `GET /console/closed`.
pub(crate) fn show(_: &Visit<'_>) -> Answer {
    Ok(problem::console_left())
}
