//! `PorticoAdmin.PutSessionSettings`.

use kernel::reply::NoReply;
use kernel::{Ctx, Operation};
use model::ids::InstanceId;
use model::session_settings::SessionSettings;
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use store::{instance, setting};

pub const OPERATION: Operation<PutSessionSettingsRequest, NoReply> = Operation::writes(
    "PorticoAdmin.PutSessionSettings",
    "portico:PutSessionSettings",
    put_session_settings,
);

#[derive(Debug)]
pub struct PutSessionSettingsRequest {
    pub instance_id: InstanceId,
    pub settings: SessionSettings,
}

impl FromFields for PutSessionSettingsRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let minutes = "PortalSessionMinutes";
        let portal = fields.integer(minutes, SessionSettings::PORTAL_SESSION_MINUTES)?;
        let inactivity = "InactivityMinutes";
        let truth = |name| Ok::<bool, Fault>(fields.boolean(name)?.unwrap_or(false));
        Ok(Self {
            instance_id: fields.required("InstanceArn")?,
            settings: SessionSettings {
                portal_session_minutes: portal.ok_or_else(|| fields.missing(minutes))?,
                inactivity_minutes: fields
                    .integer(inactivity, SessionSettings::INACTIVITY_MINUTES)?,
                fresh_proof_for_consent: truth("FreshProofForConsent")?,
                fresh_proof_for_keys: truth("FreshProofForKeys")?,
            },
        })
    }
}

/// Sets how long sessions last, and when people prove again who they are. What is left out is off. The duration holds for
/// sessions that begin from now on, everything else for all.
pub fn put_session_settings(
    ctx: &Ctx<'_>,
    request: &PutSessionSettingsRequest,
) -> Result<NoReply, Fault> {
    let PutSessionSettingsRequest { instance_id, settings } = request;
    let permit = ctx.authorize(OPERATION.action, &instance_id.arn())?;
    let mut tx = ctx.begin(permit)?;
    instance::require(&mut tx, instance_id)?;
    setting::put(&mut tx, instance_id, settings)?;
    let mut event = AuditEvent::new()
        .asked("instanceArn", instance_id.arn())
        .asked("portalSessionMinutes", settings.portal_session_minutes)
        .asked("freshProofForConsent", settings.fresh_proof_for_consent)
        .asked("freshProofForKeys", settings.fresh_proof_for_keys);
    if let Some(minutes) = settings.inactivity_minutes {
        event = event.asked("inactivityMinutes", minutes);
    }
    tx.commit(&event)?;
    Ok(NoReply {})
}
