//! The second factors of the person who is signed in: list, add, rename, remove.
//!
//! AWS IAM Identity Center User Guide, "Allow users to register their own MFA devices". CloudTrail:
//! `ListMfaDevicesForUser`, `CompleteVirtualMfaDeviceRegistration`, `UpdateMfaDeviceForUser`, `DeleteMfaDeviceForUser`.
//! INVARIANT: a change needs a fresh proof (`kernel::sessions::proof`), with a second factor if the person has one. Neither a
//! cookie that was stolen from an open browser nor a password that somebody learnt changes a device.

use kernel::sessions::proof::{PROOF_NEEDED, is_fresh, is_wholly_fresh};
use kernel::sessions::{person, require_portal};
use kernel::{Ctx, Operation};
use mail::notice::{self, ChangedBy, DeviceChange};
use model::ids::{IdentityStoreId, MfaDeviceId, UserId};
use model::instance::Instance;
use model::mfa::{MfaDevice, MfaDeviceName, MfaSettings, MfaType};
use model::session::Session;
use model::{AuditEvent, Fault, PorticoEntity};
use policy::PersonSession;
use store::{Read, instance, mfa_device, setting};

use crate::ceremony::relying_party;
use crate::factors::Factors;
use crate::new_totp::{NewTotp, insert, verify};
use crate::register_totp::COMPLETE_REGISTRATION;
use crate::totp_offer::{self, TotpOffer};

pub const LIST: Operation<ListOwnMfaDevicesRequest, OwnMfaDevices> = Operation::reads(
    "SignIn.ListOwnMfaDevices",
    "signin:ListMfaDevicesForUser",
    list_own_mfa_devices,
);

pub const ADD_TOTP: Operation<AddOwnTotpRequest, MfaDeviceId> =
    Operation::writes("SignIn.AddOwnTotp", COMPLETE_REGISTRATION, add_own_totp);

pub const RENAME: Operation<RenameOwnMfaDeviceRequest, ()> = Operation::writes(
    "SignIn.RenameOwnMfaDevice",
    "signin:UpdateMfaDeviceForUser",
    rename_own_mfa_device,
);

pub const REMOVE: Operation<RemoveOwnMfaDeviceRequest, ()> = Operation::writes(
    "SignIn.RemoveOwnMfaDevice",
    "signin:DeleteMfaDeviceForUser",
    remove_own_mfa_device,
);

pub struct ListOwnMfaDevicesRequest;

/// The devices of a person, and what they may do with them.
#[derive(Clone, Debug)]
pub struct OwnMfaDevices {
    /// In the order of registration.
    pub devices: Vec<MfaDevice>,
    /// False if only administrators manage devices.
    pub may_manage: bool,
    /// True if the person has proved themselves lately.
    pub is_fresh: bool,
    /// Types that the instance allows, browsers offer here, and of which the person may have more.
    pub addable: Vec<MfaType>,
    /// Types of which the person has as many as allowed.
    pub full: Vec<MfaType>,
}

pub struct AddOwnTotpRequest {
    /// [`TotpOffer::sealed`].
    pub offer: String,
    /// Code as typed.
    pub code: String,
    pub name: MfaDeviceName,
}

pub struct RenameOwnMfaDeviceRequest {
    pub id: MfaDeviceId,
    pub name: MfaDeviceName,
}

pub struct RemoveOwnMfaDeviceRequest {
    pub id: MfaDeviceId,
}

/// Person who manages their devices.
pub(crate) struct Owner {
    pub(crate) instance: Instance,
    pub(crate) session: Session,
    pub(crate) settings: MfaSettings,
    pub(crate) factors: Factors,
}

impl Owner {
    pub(crate) fn require(
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
        person: &PersonSession,
    ) -> Result<Self, Fault> {
        let session = require_portal(read, person)?;
        let found = instance::find_by_store(read, &session.identity_store_id)?;
        let instance = found.ok_or(Fault::NoSession)?;
        let settings = setting::find(read, &instance.id)?;
        let factors = Factors::find(ctx, read, &instance, &session.user_id)?;
        Ok(Self { instance, session, settings, factors })
    }

    /// The owner, if they may change their devices now.
    pub(crate) fn require_manager(
        ctx: &Ctx<'_>,
        read: &mut Read<'_>,
        person: &PersonSession,
    ) -> Result<Self, Fault> {
        let owner = Self::require(ctx, read, person)?;
        if !owner.settings.are_devices_user_managed() {
            let because = "the administrators of your organisation manage the second factors";
            return Err(read.permit().refusal(because));
        }
        if !owner.is_fresh(ctx.now_ms()) {
            return Err(Fault::NotAdmitted { must: PROOF_NEEDED.into() });
        }
        Ok(owner)
    }

    /// Tells whether the person has proved themselves lately: with a second factor, if they have one.
    fn is_fresh(&self, now_ms: i64) -> bool {
        if self.types().is_empty() {
            is_fresh(&self.session, now_ms)
        } else {
            is_wholly_fresh(&self.session, now_ms)
        }
    }

    /// The types of the person's devices that the instance accepts, the one that was used last first.
    pub(crate) fn types(&self) -> Vec<MfaType> {
        self.factors.accepted(&self.settings)
    }

    pub(crate) fn ids(&self) -> (&IdentityStoreId, &UserId) {
        (&self.instance.identity_store_id, &self.session.user_id)
    }
}

/// Lists the devices of the person.
pub fn list_own_mfa_devices(
    ctx: &Ctx<'_>,
    _: &ListOwnMfaDevicesRequest,
) -> Result<OwnMfaDevices, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(LIST.action, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let owner = Owner::require(ctx, &mut read, person)?;
    let mut devices = owner.factors.devices.clone();
    devices.sort_by_key(|device| device.created_at_ms);
    let is_offered =
        |mfa_type: &MfaType| *mfa_type != MfaType::Webauthn || relying_party(ctx).is_some();
    let is_full = |mfa_type: &MfaType| {
        let count = devices.iter().filter(|device| device.mfa_type == *mfa_type).count();
        i64::try_from(count).map_or(true, |count| count >= mfa_type.devices_max())
    };
    let (full, addable) =
        owner.settings.allowed_mfa_types.iter().filter(is_offered).partition(is_full);
    Ok(OwnMfaDevices {
        addable,
        full,
        may_manage: owner.settings.are_devices_user_managed(),
        is_fresh: owner.is_fresh(ctx.now_ms()),
        devices,
    })
}

/// Offers the key of a new authenticator app. Nothing is stored. `issuer` is the name under which the app lists it.
pub fn offer_own_totp(ctx: &Ctx<'_>, issuer: &str) -> Result<TotpOffer, Fault> {
    let person = person(ctx)?;
    let owner = (&person.identity_store_id, &person.user_id);
    totp_offer::make(ctx, owner, person.session_id.as_str(), (issuer, &person.user_name))
}

/// Offers the key again that a page has shown.
pub fn offer_own_totp_again(ctx: &Ctx<'_>, sealed: &str) -> Result<TotpOffer, Fault> {
    let person = person(ctx)?;
    let owner = (&person.identity_store_id, &person.user_id);
    let offer = totp_offer::open(ctx, owner, person.session_id.as_str(), sealed);
    offer.ok_or_else(|| Fault::conflict(OFFER_OVER))
}

/// Complaint about a page that was open for too long, or sent twice.
const OFFER_OVER: &str = "The page was open for too long, or its device was registered already. Look at your second factors, \
    and begin again if it is not there.";

fn add_own_totp(ctx: &Ctx<'_>, request: &AddOwnTotpRequest) -> Result<MfaDeviceId, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(ADD_TOTP.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let owner = Owner::require_manager(ctx, &mut tx, person)?;
    if !owner.settings.allowed_mfa_types.contains(MfaType::Totp) {
        let because = "your organisation does not accept authenticator apps";
        return Err(tx.permit().refusal(because));
    }
    let new = NewTotp {
        owner: owner.ids(),
        browser_id: person.session_id.as_str(),
        offer: &request.offer,
        code: &request.code,
        name: &request.name,
    };
    let id = match verify(ctx, &new).and_then(|verified| insert(ctx, &mut tx, &new, &verified)) {
        Err(Fault::NoSession) => return Err(Fault::conflict(OFFER_OVER)),
        id => id?,
    };
    let event = AuditEvent::new()
        .asked("CredentialType", MfaType::Totp.as_str())
        .asked("userId", &person.user_id)
        .answered("deviceId", &id)
        .answered("deviceName", &request.name);
    tx.commit(&event)?;
    Ok(id)
}

fn rename_own_mfa_device(ctx: &Ctx<'_>, request: &RenameOwnMfaDeviceRequest) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(RENAME.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let owner = Owner::require_manager(ctx, &mut tx, person)?;
    let (store_id, user_id) = owner.ids();
    if !mfa_device::rename(&mut tx, store_id, user_id, &request.id, &request.name)? {
        return Err(Fault::not_found(PorticoEntity::MfaDevice, &request.id));
    }
    let event = AuditEvent::new()
        .asked("userId", user_id)
        .asked("deviceId", &request.id)
        .asked("deviceName", &request.name);
    tx.commit(&event)
}

fn remove_own_mfa_device(ctx: &Ctx<'_>, request: &RemoveOwnMfaDeviceRequest) -> Result<(), Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(REMOVE.action, &person.user_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let owner = Owner::require_manager(ctx, &mut tx, person)?;
    let (store_id, user_id) = owner.ids();
    let found = mfa_device::find(&mut tx, store_id, user_id, &request.id)?;
    let device = found.ok_or_else(|| Fault::not_found(PorticoEntity::MfaDevice, &request.id))?;
    mfa_device::delete(&mut tx, store_id, user_id, &device.id)?;
    notice::mfa_device_changed(ctx, &mut tx, &device, (DeviceChange::Removed, ChangedBy::Person))?;
    let event = AuditEvent::new()
        .asked("userId", user_id)
        .asked("deviceId", &device.id)
        .answered("deviceName", &device.name)
        .answered("mfaType", device.mfa_type.as_str());
    tx.commit(&event)
}
