//! `/authorize`: a client on the person's own machine asks for a code (RFC 6749 §4.1, RFC 7636).
//!
//! INVARIANT: until the redirect URI is known to be the client's own, a fault is shown on a page and
//! never sent anywhere.

use kernel::Portico;
use kernel::perform::retry;
use kernel::sessions::proof::ProofPurpose;
use model::Fault;
use oauth::authorize::{
    APPROVE, AuthorizeRequest, Consent as Prepared, DENY, prepare_authorization,
};
use protocol::FromFields;
use protocol::form::write_pairs;

use crate::consent::{Consent, Way, render};
use crate::content_policy::source_of;
use crate::cookies::Cookie;
use crate::device::signed_in;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::problem;
use crate::request_context::RequestContext;

const PATH: &str = "/authorize";

/// `GET /authorize`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let request = match AuthorizeRequest::from_fields(&context.query) {
        Ok(request) => request,
        Err(fault) => return refused(fault),
    };
    let stranger = Portico::anonymous();
    let asked =
        match retry(context.portico, || prepare_authorization(&context.ctx(&stranger), &request)) {
            Ok(Prepared::Redirect(to)) => return Ok(Page::redirect(to)),
            Ok(Prepared::Ask(asked)) => asked,
            Err(fault) => return refused(fault),
        };
    let person = context.person()?;
    context.require_proof(&person, ProofPurpose::Consent)?;
    let scopes = asked.scopes.to_string();
    let scopes: Vec<String> = scopes.split_whitespace().map(str::to_owned).collect();
    let return_to = format!("{PATH}?{}", write_pairs(request.pairs()));
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = Consent {
        client_name: asked.client_name.as_str(),
        by: Way::Redirect {
            to: asked.redirect_uri.as_str(),
            address: request_address(context),
            now_ms: context.now_ms(),
        },
        scopes: &scopes,
        person: signed_in(&person, &return_to, &sign_out_token),
        action: PATH,
        values: &request.pairs(),
        token: &context.token(Cookie::Session, PATH),
    };
    let page = Page::html(200, render(&view));
    Ok(match source_of(asked.redirect_uri.as_str()) {
        Some(source) => page.with_forms_leading_to(&source),
        None => page,
    })
}

/// Returns the address of the browser, if it is known.
fn request_address<'a>(context: &RequestContext<'a>) -> Option<&'a str> {
    let request = context.request;
    request.is_address_known.then_some(request.info.origin.source_address.as_str())
}

/// `POST /authorize`: takes the person's answer, which the browser carries to the client.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let request = AuthorizeRequest::from_fields(&context.form)?;
    let allowed = context.form.text("answer")? == Some("allow");
    let decide = if allowed { &APPROVE } else { &DENY };
    Ok(Page::redirect(decide.call(&context.ctx(&person), &request)?))
}

/// Tells the person that the client asked wrongly.
fn refused(fault: Fault) -> Answer {
    if matches!(fault, Fault::Invalid { .. } | Fault::OAuth(_)) {
        return Ok(problem::bad_request_of_client(&fault));
    }
    Err(PageError::Fault(fault))
}
