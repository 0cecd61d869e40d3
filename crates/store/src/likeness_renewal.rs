//! Making the likenesses of rows that have none, or whose name an older program changed.

use model::Fault;

use crate::likeness::{Claim, SHARED, likeness_state};
use crate::removed_principal::not_removed;
use crate::row::text;
use crate::{Tx, account, group, user, user_likeness};

/// Rows that lack a likeness: the next `limit` of one state after a position.
pub struct Due<'a> {
    /// Version that the row stores: 0 if an older program wrote it, odd if it waits for a likeness
    /// that an older row has.
    pub state: i64,
    /// Owner and id of the last row of the batch before; empty texts for the first batch.
    pub after: (&'a str, &'a str),
    pub limit: i64,
}

/// What became of a batch.
#[derive(Debug, Default, Eq, PartialEq)]
pub struct Renewal {
    /// Owner and id of the last row, or `None` if there was no row.
    pub last: Option<(String, String)>,
    /// Number of rows that were written.
    pub renewed: u64,
    /// Ids of rows whose name, or address, has turned out to look like that of an older row.
    pub shared: Vec<String>,
}

/// Makes the likenesses of a batch of rows.
pub type Renew = fn(&mut Tx<'_>, &Due<'_>) -> Result<Renewal, Fault>;

/// The tables with likenesses, by the plural of what they hold.
pub const TABLES: [(&str, Renew); 3] =
    [("users", renew_users), ("groups", renew_groups), ("accounts", renew_accounts)];

fn renew_users(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<Renewal, Fault> {
    let sql = user::select_user!(
        "WHERE ",
        likeness_state!(),
        " = $1
            AND (identity_store_id, id) > ($2, $3) AND ",
        not_removed!("identity_user.id"),
        " ORDER BY identity_store_id, id LIMIT $4"
    );
    let values = [due.state.into(), text(due.after.0), text(due.after.1), due.limit.into()];
    let mut renewal = Renewal::default();
    for user in tx.query(sql, &values, user::user)? {
        let claims = user_likeness::claims(tx, &user)?;
        let (owner, id) = (user.identity_store_id.to_string(), user.id.to_string());
        if renewal.count(due, owner, id, &claims) {
            user_likeness::write(tx, &user, &claims)?;
        }
    }
    Ok(renewal)
}

fn renew_groups(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<Renewal, Fault> {
    let sql = group::select_group!(
        "WHERE ",
        likeness_state!(),
        " = $1
            AND (identity_store_id, id) > ($2, $3) AND ",
        not_removed!("identity_group.id"),
        " ORDER BY identity_store_id, id LIMIT $4"
    );
    let values = [due.state.into(), text(due.after.0), text(due.after.1), due.limit.into()];
    let mut renewal = Renewal::default();
    for group in tx.query(sql, &values, group::group)? {
        let claim = group::claims(tx, &group)?;
        let (owner, id) = (group.identity_store_id.to_string(), group.id.to_string());
        if renewal.count(due, owner, id, std::slice::from_ref(&claim)) {
            group::write_likeness(tx, &group, &claim)?;
        }
    }
    Ok(renewal)
}

fn renew_accounts(tx: &mut Tx<'_>, due: &Due<'_>) -> Result<Renewal, Fault> {
    let mut renewal = Renewal::default();
    for account in account::list_of_likeness_version(tx, due.state, due.after.1, due.limit)? {
        let claim = account::claims(tx, &account)?;
        let id = account.id.to_string();
        if renewal.count(due, String::new(), id, std::slice::from_ref(&claim)) {
            account::write_likeness(tx, &account, &claim)?;
        }
    }
    Ok(renewal)
}

impl Renewal {
    /// Counts a row. Tells whether its claims are to be written.
    fn count(&mut self, due: &Due<'_>, owner: String, id: String, claims: &[Claim]) -> bool {
        let version = Claim::version(claims);
        // A row that waits for a likeness of an older row stays as it is until it wins one.
        let is_changed = version != due.state || claims.iter().any(|claim| claim.is_won);
        if is_changed {
            self.renewed += 1;
            if version == SHARED && due.state != SHARED {
                self.shared.push(id.clone());
            }
        }
        self.shared.extend(claims.iter().filter_map(|claim| claim.displaced.clone()));
        self.last = Some((owner, id));
        is_changed
    }
}
