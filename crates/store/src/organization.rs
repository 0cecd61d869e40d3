//! The organisation that this server serves.

use model::ids::IdentityStoreId;
use model::organization::Organization;
use model::{Fault, OrganizationsEntity};

use crate::row::text;
use crate::{Read, Row, Tx};

/// Adds the organisation, unless there is one.
pub fn insert(tx: &mut Tx<'_>, organization: &Organization) -> Result<(), Fault> {
    if find(tx)?.is_some() {
        return Err(Fault::not_unique(OrganizationsEntity::Organization, "management account"));
    }
    let sql =
        "INSERT INTO organization (id, root_id, management_account_id, next_identity_store_id,
            created_at_ms)
        VALUES ($1, $2, $3, $4, $5)";
    let values = [
        text(&organization.id),
        text(&organization.root_id),
        text(&organization.management_account_id),
        text(&organization.next_identity_store_id),
        organization.created_at_ms.into(),
    ];
    tx.write(sql, &values)
}

/// Finds the organisation.
pub fn find(read: &mut Read<'_>) -> Result<Option<Organization>, Fault> {
    let sql = "SELECT id, root_id, management_account_id, next_identity_store_id, created_at_ms
        FROM organization";
    read.query_one(sql, &[], organization)
}

/// Returns the organisation, or `NotFound`.
pub fn require(read: &mut Read<'_>) -> Result<Organization, Fault> {
    find(read)?.ok_or_else(|| Fault::not_found(OrganizationsEntity::Organization, ""))
}

/// Replaces the id that the next identity store will have.
pub fn set_next_identity_store(tx: &mut Tx<'_>, id: &IdentityStoreId) -> Result<(), Fault> {
    let sql = "UPDATE organization SET next_identity_store_id = $1";
    tx.write(sql, &[text(id)])
}

fn organization(row: &Row) -> Result<Organization, Fault> {
    Ok(Organization {
        id: row.parse("id")?,
        root_id: row.parse("root_id")?,
        management_account_id: row.parse("management_account_id")?,
        next_identity_store_id: row.parse("next_identity_store_id")?,
        created_at_ms: row.integer("created_at_ms")?,
    })
}
