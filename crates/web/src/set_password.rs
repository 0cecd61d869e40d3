//! Page that a link for a password leads to: of an invitation, or after "Forgot password".
//!
//! The secret of the link is in the address of this page alone. Its form has a ticket instead.

use kernel::Portico;
use maud::PreEscaped;
use model::Fault;
use model::password::LinkPurpose;
use sign_in::open_password_link::{OPERATION, OpenPasswordLinkRequest};

use crate::new_password::page_because;
use crate::page_error::Answer;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::Samples;

const INVITED: &str = "You accept the invitation with it, and sign in with it from then on.";
const FORGOTTEN: &str =
    "It takes the place of the former one, and signs you out wherever you are signed in.";

/// `GET /set-password`: shows the form. Programs that look for harmful mail open the link too, so this changes nothing.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let request = OpenPasswordLinkRequest {
        secret: context.parameter("token")?.to_owned(),
        browser: context.browser().id,
    };
    let stranger = Portico::anonymous();
    match OPERATION.call(&context.ctx(&stranger), &request) {
        Ok(opened) => {
            let reason = match opened.purpose {
                LinkPurpose::Invitation => INVITED,
                LinkPurpose::PasswordReset | LinkPurpose::EmailOtp => FORGOTTEN,
            };
            let page =
                page_because(context, reason, (&opened.user_name, &opened.ticket), "/start")?;
            // No request for a file of the page has the secret in its `Referer`.
            Ok(page.with("referrer-policy", "strict-origin"))
        }
        Err(Fault::NoSession) => Ok(problem::void_password_link()),
        Err(fault) => Err(fault.into()),
    }
}

pub(crate) fn samples() -> Samples {
    vec![("set-password-void", PreEscaped(problem::void_password_link().body.into_owned()))]
}
