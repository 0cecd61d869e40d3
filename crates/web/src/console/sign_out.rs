//! Console, the form "Close console".

use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::request_context::RequestContext;

/// `POST /console/sign-out`: closes the console. The portal stays open.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Console)?;
    let has_portal = context.cookie(Cookie::Session).is_some();
    let next = if has_portal { "/start" } else { "/console/closed" };
    Ok(Page::redirect(next).clearing_site().with_cookie(context.names.drop(Cookie::Console)))
}
