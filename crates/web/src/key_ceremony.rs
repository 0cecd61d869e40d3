//! Ceremonies of security keys in the sign-in sequence: their beginning, the form of a proof, and complaints.

use kernel::Portico;
use maud::Markup;
use model::Fault;
use sign_in::ceremony::Ceremony;
use sign_in::offer_key::offer_key;
use sign_in::verify_key::WrongKey;

use crate::parts::ceremony::{Ask, CeremonyForm};
use crate::parts::second_factor::own_device;
use crate::request_context::RequestContext;

pub(crate) const PROOF_PATH: &str = "/sign-in/security-key";

/// Complaint of a form whose answer is empty, because no script filled it in.
pub(crate) const NO_SCRIPT: &str = "Security keys need scripts, which are off in this browser. Allow them for this page, \
    or use an authenticator app.";

/// Begins the ceremony of a step. `None` if the step has none, or browsers offer no WebAuthn here.
pub(crate) fn offer(context: &RequestContext<'_>, ticket: &str) -> Result<Option<Ceremony>, Fault> {
    let stranger = Portico::anonymous();
    offer_key(&context.ctx(&stranger), ticket, &context.browser())
}

/// Form of a proof.
pub(crate) struct ProofForm<'a> {
    pub(crate) ceremony: &'a Ceremony,
    pub(crate) token: &'a str,
    pub(crate) ticket: &'a str,
    pub(crate) return_to: &'a str,
    pub(crate) may_trust: bool,
    pub(crate) is_primary: bool,
    pub(crate) complaint: Option<&'a str>,
}

impl ProofForm<'_> {
    pub(crate) fn render(&self) -> Markup {
        let fields = if self.may_trust { own_device() } else { Markup::default() };
        CeremonyForm {
            ask: Ask::Get,
            action: PROOF_PATH,
            token: self.token,
            options: &self.ceremony.options,
            sealed: &self.ceremony.sealed,
            values: &[("ticket", self.ticket), ("return_to", self.return_to)],
            fields,
            button: "Use your security key",
            is_primary: self.is_primary,
            complaint: self.complaint,
            without_scripts: NO_SCRIPT,
        }
        .render()
    }
}

/// Says what is wrong with the answer of an authenticator, and what to do.
pub(crate) fn complaint(why: WrongKey) -> &'static str {
    match why {
        WrongKey::Over => "That took too long, or was answered before. Try again.",
        WrongKey::Copied => {
            "This device counted fewer uses than before, so there may be a copy of it. It was refused. Do not use it any \
             more, and tell your administrator."
        }
        WrongKey::Known => "This device is registered already. Take another one.",
        WrongKey::Refused(_) => {
            "The answer of the device was not right. Try again, and if it stays so, take another device."
        }
    }
}
