//! Instances of identity centre.
//!
//! INVARIANT: every access to the contents of an instance goes through [`require`] or
//! [`require_store`], which admit only roles of the owning account, people of the instance and
//! Portico. Policies are not enough: a role of another account may allow itself everything.

use model::ids::{AccountId, IdentityStoreId, InstanceId};
use model::instance::{Instance, InstanceName, InstanceStatus};
use model::network::NetworkConfiguration;
use model::{Fault, IdentityCenterEntity, IdentityStoreEntity};
use policy::Principal;

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx};

/// The columns of an instance, which [`instance`] reads.
macro_rules! instance_columns {
    () => {
        "id, identity_store_id, owner_account_id, is_organization, name, status, \
         network_configuration, created_at_ms"
    };
}

/// Adds an instance. An account owns at most one.
pub fn insert(
    tx: &mut Tx<'_>,
    instance: &Instance,
    client_token: Option<&str>,
) -> Result<(), Fault> {
    let sql =
        "INSERT INTO instance (id, identity_store_id, owner_account_id, is_organization, name,
            status, client_token, network_configuration, created_at_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT DO NOTHING";
    let network = instance.network.as_ref().map(network_text).transpose()?;
    let values = [
        text(&instance.id),
        text(&instance.identity_store_id),
        text(&instance.owner_account_id),
        instance.is_organization.into(),
        text_or_null(instance.name.as_ref()),
        text(instance.status.as_str()),
        text_or_null(client_token),
        text_or_null(network.as_ref()),
        instance.created_at_ms.into(),
    ];
    match tx.execute(sql, &values)? {
        1 => Ok(()),
        _ => Err(Fault::conflict(
            "The account has an instance of identity center already. Delete it first.",
        )),
    }
}

/// Finds the instance that an account owns. Does not check the caller.
pub fn find_owned(read: &mut Read<'_>, owner: &AccountId) -> Result<Option<Instance>, Fault> {
    let sql = concat!("SELECT ", instance_columns!(), " FROM instance WHERE owner_account_id = $1");
    read.query_one(sql, &[text(owner)], instance)
}

/// Finds the client token that created the instance of an account.
pub fn find_client_token(read: &mut Read<'_>, owner: &AccountId) -> Result<Option<String>, Fault> {
    let sql = "SELECT client_token FROM instance WHERE owner_account_id = $1";
    let token = |row: &Row| Ok(row.text_or_null("client_token")?.map(str::to_owned));
    Ok(read.query_one(sql, &[text(owner)], token)?.flatten())
}

/// Finds the organisation's instance. Does not check the caller: every account signs people in
/// through it.
pub fn find_of_organization(read: &mut Read<'_>) -> Result<Option<Instance>, Fault> {
    let sql = concat!("SELECT ", instance_columns!(), " FROM instance WHERE is_organization = 1");
    read.query_one(sql, &[], instance)
}

/// Finds the instance with this id. Does not check the caller.
pub fn find(read: &mut Read<'_>, id: &InstanceId) -> Result<Option<Instance>, Fault> {
    let sql = concat!("SELECT ", instance_columns!(), " FROM instance WHERE id = $1");
    read.query_one(sql, &[text(id)], instance)
}

/// Finds the instance of an identity store. Does not check the caller.
pub fn find_by_store(read: &mut Read<'_>, id: &IdentityStoreId) -> Result<Option<Instance>, Fault> {
    let sql =
        concat!("SELECT ", instance_columns!(), " FROM instance WHERE identity_store_id = $1");
    read.query_one(sql, &[text(id)], instance)
}

/// Returns the instance if the caller may use it and it is not being deleted.
pub fn require(read: &mut Read<'_>, id: &InstanceId) -> Result<Instance, Fault> {
    require_in_any_state(read, id).and_then(in_use)
}

/// Returns the instance if the caller may use it, even while it is being deleted.
pub fn require_in_any_state(read: &mut Read<'_>, id: &InstanceId) -> Result<Instance, Fault> {
    let found = find(read, id)?
        .ok_or_else(|| Fault::not_found(IdentityCenterEntity::Instance, id.arn()))?;
    of_caller(read, found)
}

/// Returns the instance of an identity store if the caller may use it and it is not being deleted.
pub fn require_store(read: &mut Read<'_>, id: &IdentityStoreId) -> Result<Instance, Fault> {
    let found = find_by_store(read, id)?;
    let found = found.ok_or_else(|| Fault::not_found(IdentityStoreEntity::IdentityStore, id))?;
    of_caller(read, found).and_then(in_use)
}

/// Renames the instance.
pub fn rename(tx: &mut Tx<'_>, id: &InstanceId, name: Option<&InstanceName>) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because authority does not depend on the name.
    let sql = "UPDATE instance SET name = $2 WHERE id = $1";
    tx.write(sql, &[text(id), text_or_null(name)])
}

/// Replaces the network configuration of the instance's identity store.
pub fn set_network(
    tx: &mut Tx<'_>,
    id: &InstanceId,
    network: Option<&NetworkConfiguration>,
) -> Result<(), Fault> {
    // AUTHORITY: unchanged, because each operation of the store reads the configuration itself.
    let sql = "UPDATE instance SET network_configuration = $2 WHERE id = $1";
    let network = network.map(network_text).transpose()?;
    tx.write(sql, &[text(id), text_or_null(network.as_ref())])
}

/// Updates the status of the instance. Credentials of an inactive instance are not valid.
pub fn set_status(tx: &mut Tx<'_>, id: &InstanceId, status: InstanceStatus) -> Result<(), Fault> {
    tx.change_authority();
    let sql = "UPDATE instance SET status = $2 WHERE id = $1";
    tx.write(sql, &[text(id), text(status.as_str())])
}

/// Deletes the instance, which must be empty.
pub fn delete(tx: &mut Tx<'_>, id: &InstanceId) -> Result<(), Fault> {
    tx.change_authority();
    tx.write("DELETE FROM instance WHERE id = $1", &[text(id)])
}

// INVARIANT: nothing is added to an instance that is being deleted, so its deletion ends.
fn in_use(instance: Instance) -> Result<Instance, Fault> {
    match instance.status {
        InstanceStatus::Active => Ok(instance),
        InstanceStatus::DeleteInProgress => {
            Err(Fault::conflict("The instance of identity center is being deleted."))
        }
    }
}

fn of_caller(read: &Read<'_>, instance: Instance) -> Result<Instance, Fault> {
    let theirs = match &read.permit().caller().principal {
        Principal::Portico => true,
        Principal::Role(role) => role.account_id == instance.owner_account_id,
        Principal::Person(person) => person.instance_id == instance.id,
        Principal::Anonymous | Principal::Unproven(_) | Principal::NamedPerson(_) => false,
    };
    if theirs {
        return Ok(instance);
    }
    Err(read.permit().refusal("the resource belongs to another account"))
}

fn instance(row: &Row) -> Result<Instance, Fault> {
    Ok(Instance {
        id: row.parse("id")?,
        identity_store_id: row.parse("identity_store_id")?,
        owner_account_id: row.parse("owner_account_id")?,
        is_organization: row.boolean("is_organization")?,
        name: row.parse_or_null("name")?,
        status: row.parse("status")?,
        network: row.text_or_null("network_configuration")?.map(parse_network).transpose()?,
        created_at_ms: row.integer("created_at_ms")?,
    })
}

fn network_text(network: &NetworkConfiguration) -> Result<String, Fault> {
    let broken = |why| Fault::broken_at("writing a network configuration", why);
    serde_json::to_string(network).map_err(broken)
}

fn parse_network(text: &str) -> Result<NetworkConfiguration, Fault> {
    let broken = |why| Fault::broken_at("reading a network configuration", why);
    serde_json::from_str(text).map_err(broken)
}
