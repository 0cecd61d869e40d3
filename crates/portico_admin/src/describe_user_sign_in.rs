//! `PorticoAdmin.DescribeUserSignIn`.

use kernel::identity_store::{require_store, resources};
use kernel::reply::Moment;
use kernel::{Ctx, Operation};
use model::Fault;
use model::password::LinkPurpose;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{password_link, user, user_email, user_password};

use super::one_user::OneUser;

pub const OPERATION: Operation<DescribeUserSignInRequest, DescribeUserSignInReply> =
    Operation::reads(
        "PorticoAdmin.DescribeUserSignIn",
        "portico:DescribeUserSignIn",
        describe_user_sign_in,
    );

#[derive(Debug)]
pub struct DescribeUserSignInRequest(pub OneUser);

impl FromFields for DescribeUserSignInRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeUserSignInReply {
    pub user_id: String,
    /// `NONE`, `ONE_TIME`, `SPENT` (a one-time password that was used, and no other was chosen) or `CHOSEN`.
    pub password_status: &'static str,
    /// Whether the person proved that the present address is theirs.
    pub email_verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified_date: Option<Moment>,
    /// End of the invitation that the person has not accepted yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invitation_expiration_time: Option<Moment>,
}

/// Tells how far a person has got with signing in.
pub fn describe_user_sign_in(
    ctx: &Ctx<'_>,
    request: &DescribeUserSignInRequest,
) -> Result<DescribeUserSignInReply, Fault> {
    let OneUser { identity_store_id: store_id, user_id } = &request.0;
    let permit = ctx.authorize_all(OPERATION.action, &resources(ctx, store_id, [user_id.arn()]))?;
    let mut read = ctx.read(&permit)?;
    require_store(ctx, &mut read, store_id)?;
    let user = user::require(&mut read, store_id, user_id)?;
    let password = user_password::find(&mut read, store_id, user_id)?;
    let verified_at_ms = match user.email() {
        Some(email) => {
            user_email::find(&mut read, store_id, user_id, email.mailbox())?.verified_at_ms
        }
        None => None,
    };
    let (purpose, now_ms) = (LinkPurpose::Invitation, ctx.now_ms());
    let link = password_link::find_of_user(&mut read, store_id, user_id, purpose, now_ms)?;
    Ok(DescribeUserSignInReply {
        user_id: user_id.to_string(),
        password_status: password.map_or("NONE", |password| password.kind.as_str()),
        email_verified: verified_at_ms.is_some(),
        email_verified_date: verified_at_ms.map(Moment),
        invitation_expiration_time: link.map(|link| Moment(link.expires_at_ms)),
    })
}
