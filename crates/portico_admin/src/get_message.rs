//! `PorticoAdmin.GetMessage`.

use kernel::strength::vouch;
use kernel::{Ctx, Operation};
use mail::outbox;
use model::Fault;
use model::message::{MessageKind, MessageStatus};
use model::password::LinkPurpose;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{message, password_link, user_password};

use super::message::{MessageReply, OneMessage, begin, event_of};

pub const OPERATION: Operation<GetMessageRequest, GetMessageReply> =
    Operation::writes("PorticoAdmin.GetMessage", "portico:GetMessage", get_message);

#[derive(Debug)]
pub struct GetMessageRequest(pub OneMessage);

impl FromFields for GetMessageRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneMessage::from_fields(fields).map(Self)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetMessageReply {
    pub message: MessageReply,
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Shows a message that was not sent, so that the caller hands it over. It is shown once, and is not sent afterwards.
///
/// INVARIANT: the reply makes its reader nobody stronger, as the reply of `ResetUserPassword` does not. There is
/// one reader of a one-time password or a link besides its person, and that reader answers for it from then on.
pub fn get_message(ctx: &Ctx<'_>, request: &GetMessageRequest) -> Result<GetMessageReply, Fault> {
    let (mut tx, found) = begin(ctx, OPERATION.action, &request.0)?;
    let opened = outbox::open(ctx, &found)?;
    let (content, mail) = opened.ok_or_else(|| {
        Fault::conflict(
            "The message can be handed over no more: it was sent, handed over, or what it is about has ended.",
        )
    })?;
    if let (Some(user_id), Some(_)) = (&found.user_id, content.secret()) {
        let (store_id, voucher) = (&found.identity_store_id, vouch(ctx));
        match link_purpose(found.kind) {
            None => user_password::revouch(&mut tx, store_id, user_id, &voucher)?,
            Some(purpose) => {
                password_link::revouch(&mut tx, store_id, user_id, purpose, &voucher)?;
            }
        }
    }
    message::end(&mut tx, &found, MessageStatus::HandedOver, None)?;
    tx.commit(&event_of(&found))?;
    let message = MessageReply {
        status: MessageStatus::HandedOver.as_str(),
        reason: None,
        ..MessageReply::new(&found)
    };
    Ok(GetMessageReply { message, subject: mail.subject, text: mail.text, html: mail.html })
}

/// The purpose of the link in a message.
fn link_purpose(kind: MessageKind) -> Option<LinkPurpose> {
    match kind {
        MessageKind::Invitation => Some(LinkPurpose::Invitation),
        MessageKind::ForgotPassword => Some(LinkPurpose::PasswordReset),
        MessageKind::EmailOtp => Some(LinkPurpose::EmailOtp),
        MessageKind::PasswordReset
        | MessageKind::SignInCode
        | MessageKind::PasswordChanged
        | MessageKind::EmailVerification
        | MessageKind::MfaBypass
        | MessageKind::MfaDeviceChanged
        | MessageKind::FailedSignIns
        | MessageKind::Test => None,
    }
}
