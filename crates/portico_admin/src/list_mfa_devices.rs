//! `PorticoAdmin.ListMfaDevices`.

use kernel::identity_store::resources;
use kernel::{Ctx, Operation};
use model::Fault;
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::mfa_device;

use super::mfa_device::MfaDeviceReply;
use super::one_user::OneUser;
use super::one_user::require_user;

pub const OPERATION: Operation<ListMfaDevicesRequest, ListMfaDevicesReply> =
    Operation::reads("PorticoAdmin.ListMfaDevices", "portico:ListMfaDevices", list_mfa_devices);

#[derive(Debug)]
pub struct ListMfaDevicesRequest(pub OneUser);

impl FromFields for ListMfaDevicesRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        OneUser::from_fields(fields).map(Self)
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListMfaDevicesReply {
    pub mfa_devices: Vec<MfaDeviceReply>,
}

/// Lists the second factors of a person: eight at most, so there are no pages.
pub fn list_mfa_devices(
    ctx: &Ctx<'_>,
    request: &ListMfaDevicesRequest,
) -> Result<ListMfaDevicesReply, Fault> {
    let OneUser { identity_store_id: store_id, user_id } = &request.0;
    let resources = resources(ctx, store_id, [user_id.arn()]);
    let permit = ctx.authorize_all(OPERATION.action, &resources)?;
    let mut read = ctx.read(&permit)?;
    require_user(ctx, &mut read, store_id, user_id)?;
    let devices = mfa_device::list_of_user(&mut read, store_id, user_id)?;
    Ok(ListMfaDevicesReply { mfa_devices: devices.iter().map(MfaDeviceReply::from).collect() })
}
