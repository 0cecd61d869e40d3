//! The second factors that a person has, and which of them prove something.

use std::cmp::Reverse;

use kernel::Ctx;
use kernel::strength::is_vouched;
use model::Fault;
use model::ids::{MfaDeviceId, UserId};
use model::instance::Instance;
use model::mfa::{MfaDevice, MfaSettings, MfaType};
use store::{Read, mfa_device};

/// The second factors of a person.
pub(crate) struct Factors {
    /// The device that was used last comes first.
    pub(crate) devices: Vec<MfaDevice>,
    /// Devices that are refused, because the person may do more by now than the administrator who registered them and may
    /// know their secret.
    ///
    /// INVARIANT: they still count as devices. Who knows the password would otherwise register one of their own.
    refused: Vec<MfaDeviceId>,
}

impl Factors {
    pub(crate) fn find(
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
        instance: &Instance,
        user_id: &UserId,
    ) -> Result<Self, Fault> {
        let mut devices = mfa_device::list_of_user(read, &instance.identity_store_id, user_id)?;
        devices
            .sort_by_key(|device| Reverse(device.last_used_at_ms.unwrap_or(device.created_at_ms)));
        let mut refused = Vec::new();
        for device in devices.iter().filter(|device| device.voucher.is_some()) {
            if !is_vouched(ctx, read, instance, user_id, device.voucher.as_ref())? {
                refused.push(device.id.clone());
            }
        }
        Ok(Self { devices, refused })
    }

    /// Tells whether a device proves nothing any more.
    pub(crate) fn is_refused(&self, device: &MfaDevice) -> bool {
        self.refused.contains(&device.id)
    }

    /// The types that the instance accepts, each once, the one that was used last first.
    pub(crate) fn accepted(&self, settings: &MfaSettings) -> Vec<MfaType> {
        let mut types = Vec::new();
        for device in &self.devices {
            if settings.allowed_mfa_types.contains(device.mfa_type)
                && !types.contains(&device.mfa_type)
            {
                types.push(device.mfa_type);
            }
        }
        types
    }
}
