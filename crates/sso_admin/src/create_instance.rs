//! IAM Identity Center, `CreateInstance`.

use kernel::tags::{keys, read_tags};
use kernel::{Ctx, Operation, Portico, RequestInfo};
use model::ids::{AccountId, IdentityStoreId, InstanceId};
use model::instance::{ClientToken, Instance, InstanceName, InstanceStatus};
use model::tag::{TAGS_MAX, Tag};
use model::{AuditEvent, Fault};
use protocol::{Fields, FromFields};
use serde::Serialize;
use store::{Tx, instance, organization, tag};

pub const OPERATION: Operation<CreateInstanceRequest, CreateInstanceReply> =
    Operation::writes("SWBExternalService.CreateInstance", "sso:CreateInstance", create_instance);

#[derive(Debug, Default)]
pub struct CreateInstanceRequest {
    pub name: Option<InstanceName>,
    pub client_token: Option<ClientToken>,
    pub tags: Vec<Tag>,
}

impl FromFields for CreateInstanceRequest {
    fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        let name: Option<InstanceName> = fields.optional("Name")?;
        Ok(Self {
            // AWS: an empty name means no name.
            name: name.filter(|name| !name.as_str().is_empty()),
            client_token: fields.optional("ClientToken")?,
            tags: read_tags(fields, TAGS_MAX)?.unwrap_or_default(),
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CreateInstanceReply {
    pub instance_arn: String,
}

/// Creates the instance of the caller's account.
///
/// The management account gets the organisation's instance, with permission sets. AWS leaves that
/// to its console. Any other account gets an instance for its own applications.
pub fn create_instance(
    ctx: &Ctx<'_>,
    request: &CreateInstanceRequest,
) -> Result<CreateInstanceReply, Fault> {
    let id = InstanceId::random(&*ctx.portico.random);
    let permit = ctx.authorize(OPERATION.action, &id.arn())?;
    let Some(owner) = ctx.caller.account_id() else {
        return Err(permit.refusal("an instance belongs to the account of a role"));
    };
    let mut tx = ctx.begin(permit)?;
    let instance = match find_repeated(&mut tx, owner, request)? {
        Some(repeated) => repeated,
        None => make(ctx, &mut tx, id, owner, request)?,
    };
    let mut event = AuditEvent::new().asked_list("tagKeys", keys(&request.tags));
    if let Some(name) = &request.name {
        event = event.asked("name", name);
    }
    tx.commit(&with_answer(&instance, event))?;
    Ok(CreateInstanceReply { instance_arn: instance.id.arn() })
}

/// Enables the organisation's instance at the start of a sandbox. Does nothing without an
/// organisation.
pub fn enable_instance(portico: &Portico) -> Result<(), Fault> {
    let (caller, request) = (Portico::itself(), RequestInfo::own(&*portico.random));
    let ctx = &Ctx::new(portico, &caller, &request);
    let id = InstanceId::random(&*ctx.portico.random);
    let permit = ctx.authorize(OPERATION.action, &id.arn())?;
    let mut tx = ctx.begin(permit)?;
    let Some(organization) = organization::find(&mut tx)? else { return Ok(()) };
    let owner = organization.management_account_id;
    let made = make(ctx, &mut tx, id, &owner, &CreateInstanceRequest::default())?;
    tx.commit(&with_answer(&made, AuditEvent::new()))
}

/// Adds the ids of the instance to the event.
fn with_answer(instance: &Instance, event: AuditEvent) -> AuditEvent {
    event
        .answered("instanceArn", instance.id.arn())
        .answered("identityStoreId", &instance.identity_store_id)
}

/// Creates the instance of `owner`. The management account gets the organisation's instance.
fn make(
    ctx: &Ctx<'_>,
    tx: &mut Tx<'_>,
    id: InstanceId,
    owner: &AccountId,
    request: &CreateInstanceRequest,
) -> Result<Instance, Fault> {
    let fresh = IdentityStoreId::random(&*ctx.portico.random);
    let managed = organization::find(tx)?.filter(|it| it.management_account_id == *owner);
    let is_organization = managed.is_some();
    let identity_store_id = match managed {
        None => fresh,
        Some(managed) => {
            organization::set_next_identity_store(tx, &fresh)?;
            managed.next_identity_store_id
        }
    };
    let new = Instance {
        id,
        identity_store_id,
        owner_account_id: owner.clone(),
        is_organization,
        name: request.name.clone(),
        status: InstanceStatus::Active,
        network: None,
        created_at_ms: tx.now_ms(),
    };
    let token = request.client_token.as_ref().map(ClientToken::as_str);
    instance::insert(tx, &new, token)?;
    tag::put(tx, &new.id, &new.id.arn(), &request.tags)?;
    Ok(new)
}

/// Finds the instance that an earlier request with the same client token created.
// AWS: a client token makes repeating a request safe. A different request with the same token
// fails.
fn find_repeated(
    tx: &mut Tx<'_>,
    owner: &AccountId,
    request: &CreateInstanceRequest,
) -> Result<Option<Instance>, Fault> {
    let Some(token) = &request.client_token else { return Ok(None) };
    if instance::find_client_token(tx, owner)?.as_deref() != Some(token.as_str()) {
        return Ok(None);
    }
    let Some(found) = instance::find_owned(tx, owner)? else { return Ok(None) };
    if found.name == request.name && found.status == InstanceStatus::Active {
        return Ok(Some(found));
    }
    Err(Fault::conflict("The ClientToken was used for a request with another Name."))
}
