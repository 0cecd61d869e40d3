//! Access portal, list of the accounts of a person with their roles, with search.
//!
//! The API has one list of accounts and one list of roles per account. A page of fifty accounts
//! would take fifty-one calls, and neither list supports a search.

use std::fmt::Display;

use kernel::page::Page;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use policy::PersonSession;
use store::Read;
use store::portal::{self, HeldEntry};

use super::list_accounts;

pub const OPERATION: Operation<ListEntriesRequest, ListEntriesReply> =
    Operation::reads("SSOPortal.ListEntries", list_accounts::OPERATION.action, list_entries);

/// Number of entries per query.
const CHUNK: i64 = 1000;

/// Maximum number of characters of a search text. No name is as long.
const LOOKED_FOR_CHARS_MAX: usize = 128;

#[derive(Debug)]
pub struct ListEntriesRequest {
    /// Search text in lower case. It matches part of an account's name, number or e-mail address,
    /// or of a role's name.
    pub looked_for: String,
    pub page: Page,
}

impl ListEntriesRequest {
    /// Reads what was typed into the page's search box.
    pub fn new(typed: &str, page: Page) -> Result<Self, Fault> {
        let looked_for = typed.trim();
        if looked_for.chars().count() > LOOKED_FOR_CHARS_MAX {
            return Err(Fault::invalid("q", "have length at most 128"));
        }
        Ok(Self { looked_for: looked_for.to_lowercase(), page })
    }
}

/// Account with the roles of the person in it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct AccountEntry {
    pub id: String,
    pub name: String,
    pub email: String,
    pub roles: Vec<String>,
}

#[derive(Debug)]
pub struct ListEntriesReply {
    pub accounts: Vec<AccountEntry>,
    pub next_token: Option<String>,
}

/// Lists a page of the person's accounts, by number, with the roles in each. An account that
/// matches the search is shown with all its roles, any other account with its matching roles.
pub fn list_entries(
    ctx: &Ctx<'_>,
    request: &ListEntriesRequest,
) -> Result<ListEntriesReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let looked_for = &request.looked_for;
    let rows = |[after]: [String; 1], limit| list(&mut read, person, looked_for, after, limit);
    let key = |account: &AccountEntry| [account.id.clone()];
    let narrowed_by: [&dyn Display; 2] = [&person.user_id, looked_for];
    let page = request.page.read(ctx, &OPERATION, &narrowed_by, [""], rows, key)?;
    Ok(ListEntriesReply { accounts: page.rows, next_token: page.next_token })
}

/// Lists up to `limit` accounts after an account.
fn list(
    read: &mut Read<'_>,
    person: &PersonSession,
    looked_for: &str,
    after: String,
    limit: i64,
) -> Result<Vec<AccountEntry>, Fault> {
    // A role's name is never empty, so the last account of the previous page is not listed again.
    let mut after = (after, "\u{10ffff}".to_owned());
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut shown: Vec<AccountEntry> = Vec::new();
    let mut open: Option<AccountEntry> = None;
    while shown.len() < limit {
        let rows = portal::list_entries(read, person, (&after.0, &after.1), CHUNK)?;
        let is_last = i64::try_from(rows.len()).unwrap_or(CHUNK) < CHUNK;
        if let Some(last) = rows.last() {
            after = (last.account_id.to_string(), last.permission_set_name.clone());
        }
        for row in rows {
            open = Some(add(open, row, &mut |whole| keep(whole, looked_for, &mut shown)));
        }
        if is_last {
            if let Some(whole) = open.take() {
                keep(whole, looked_for, &mut shown);
            }
            break;
        }
    }
    shown.truncate(limit);
    Ok(shown)
}

/// Adds `row` to the open account, or opens its account. The previous account, if there is one, is
/// complete then and passed to `whole`.
fn add(
    open: Option<AccountEntry>,
    row: HeldEntry,
    whole: &mut dyn FnMut(AccountEntry),
) -> AccountEntry {
    let id = row.account_id.to_string();
    let mut account = match open {
        Some(open) if open.id == id => open,
        other => {
            if let Some(other) = other {
                whole(other);
            }
            let (name, email) = (row.account_name, row.account_email);
            AccountEntry { id, name, email, roles: Vec::new() }
        }
    };
    account.roles.push(row.permission_set_name);
    account
}

/// Appends the part of the account that matches the search.
fn keep(mut account: AccountEntry, looked_for: &str, shown: &mut Vec<AccountEntry>) {
    let has = |text: &str| text.to_lowercase().contains(looked_for);
    if !(has(&account.id) || has(&account.name) || has(&account.email)) {
        account.roles.retain(|role| has(role));
    }
    if !account.roles.is_empty() {
        shown.push(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(looked_for: &str) -> Vec<(String, usize)> {
        let entry = |account: &str, name: &str, role: &str| HeldEntry {
            account_id: account.parse().unwrap(),
            account_name: name.to_owned(),
            account_email: format!("{}@example.com", &account[..3]),
            permission_set_name: role.to_owned(),
        };
        let rows = [
            entry("111111111111", "Rail", "Administrator"),
            entry("111111111111", "Rail", "Reader"),
            entry("222222222222", "Ärchive", "Reader"),
        ];
        let (mut shown, mut open) = (Vec::new(), None);
        for row in rows {
            open = Some(add(open, row, &mut |whole| keep(whole, looked_for, &mut shown)));
        }
        if let Some(whole) = open {
            keep(whole, looked_for, &mut shown);
        }
        shown.into_iter().map(|account| (account.name, account.roles.len())).collect()
    }

    #[test]
    fn what_is_looked_for_may_be_of_the_account_or_of_a_role() {
        let (rail, archive) =
            (|roles| ("Rail".to_owned(), roles), |roles| ("Ärchive".to_owned(), roles));
        assert_eq!(found(""), [rail(2), archive(1)]);
        assert_eq!(found("rail"), [rail(2)]);
        assert_eq!(found("ärch"), [archive(1)]);
        assert_eq!(found("222@"), [archive(1)]);
        assert_eq!(found("1111"), [rail(2)]);
        assert_eq!(found("reader"), [rail(1), archive(1)]);
        assert_eq!(found("nothing"), []);
    }
}
