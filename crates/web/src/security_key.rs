//! Proof of a security key or built-in authenticator at sign-in.

use kernel::Portico;
use model::Fault;
use sign_in::verify_key::{KeyVerification, VerifyKeyRequest, verify_key};

use crate::cookies::Cookie;
use crate::key_ceremony::{NO_SCRIPT, complaint};
use crate::mfa_code;
use crate::page_error::{Answer, PageError};
use crate::problem;
use crate::request_context::RequestContext;
use crate::session_cookie::finished;

/// `POST /sign-in/security-key`.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let return_to = context.return_to(context.field("return_to")?).unwrap_or("/start");
    let request = VerifyKeyRequest {
        ticket: context.field("ticket")?.to_owned(),
        browser: context.browser(),
        ceremony: context.field("ceremony")?.to_owned(),
        answer: context.field("answer")?.to_owned(),
        trusts: context.form.boolean("own_device")?.unwrap_or(false),
    };
    if request.answer.is_empty() {
        return mfa_code::again(context, 422, &request.ticket, return_to, NO_SCRIPT);
    }
    let stranger = Portico::anonymous();
    match verify_key(&context.ctx(&stranger), &request) {
        Ok(KeyVerification::Right { progress, trusted }) => {
            Ok(finished(context, &progress, trusted.as_deref(), return_to))
        }
        Ok(KeyVerification::Wrong(why, step)) => {
            mfa_code::page(context, 422, &step, return_to, (None, Some(complaint(why))))
        }
        Err(Fault::Throttled { retry_after_seconds }) => {
            let complaint = problem::too_many(retry_after_seconds);
            let page = mfa_code::again(context, 429, &request.ticket, return_to, &complaint)?;
            Ok(page.with("retry-after", retry_after_seconds.to_string()))
        }
        Err(Fault::NoSession) => Ok(problem::second_step_over()),
        Err(fault) => Err(PageError::Fault(fault)),
    }
}
