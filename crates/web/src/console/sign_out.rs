//! Console, the form "Close console".

use crate::cookies::Cookie;
use crate::detour::Answer;
use crate::page::Page;
use crate::visit::Visit;

/// `POST /console/sign-out`: closes the console. The portal stays open.
pub(crate) fn submit(visit: &Visit<'_>) -> Answer {
    visit.require_token(Cookie::Console)?;
    let has_portal = visit.cookie(Cookie::Session).is_some();
    let next = if has_portal { "/start" } else { "/console/closed" };
    Ok(Page::redirect(next).with_cookie(visit.names.drop(Cookie::Console)))
}
