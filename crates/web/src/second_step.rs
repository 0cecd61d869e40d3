//! What follows a right password at sign-in: the page that asks for more, or the way on.

use sign_in::sequence::{Ask, Progress, SecondStep};

use crate::page_error::Answer;
use crate::request_context::RequestContext;
use crate::session_cookie::signed_in;
use crate::{email_code, mfa_code, problem, register_mfa};

/// Leads a person on.
pub(crate) fn go_on(context: &RequestContext<'_>, progress: &Progress, return_to: &str) -> Answer {
    match progress {
        Progress::SignedIn(session) => Ok(signed_in(context, session, return_to)),
        Progress::SecondStep(step) => page(context, step, return_to),
    }
}

/// Shows the page of a step.
pub(crate) fn page(context: &RequestContext<'_>, step: &SecondStep, return_to: &str) -> Answer {
    match &step.ask {
        Ask::Device { .. } => mfa_code::page(context, 200, step, return_to, (None, None)),
        Ask::Register { .. } => register_mfa::page(context, step, return_to),
        Ask::EmailCode { .. } => email_code::send(context, &step.ticket, return_to),
        Ask::Blocked => Ok(problem::no_second_factor()),
    }
}
