//! Access portal, the list of its page: accounts with their roles, and what a person looks for.
//!
//! The API has a list of accounts and, for each, one of roles; a page of fifty accounts would be
//! fifty-one calls, and neither list can be searched.

use kernel::page::Page;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use store::portal::{self, HeldEntry};

use super::list_accounts;

pub const OPERATION: Operation<ListEntriesRequest, ListEntriesReply> =
    Operation::reads("SSOPortal.ListEntries", list_accounts::OPERATION.action, list_entries);

/// Entries that one query reads.
const CHUNK: i64 = 1000;

/// Longer than any name that could be found.
const LOOKED_FOR_CHARS_MAX: usize = 128;

#[derive(Debug)]
pub struct ListEntriesRequest {
    /// Part of an account's name, number or e-mail address, or of a role's name; in small letters.
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

/// An account, and the person's roles in it.
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

/// A page of the person's accounts, by number, with the roles in each. What is looked for is in the
/// account, which then is shown with all its roles, or in the names of the roles that are shown.
pub fn list_entries(
    ctx: &Ctx<'_>,
    request: &ListEntriesRequest,
) -> Result<ListEntriesReply, Fault> {
    let person = person(ctx)?;
    let permit = ctx.authorize(OPERATION.action, &person.user_id.arn())?;
    let mut read = ctx.read(&permit)?;
    let query = format!("portal.ListEntries {} {}", person.user_id, request.looked_for);
    let [start] = request.page.after(ctx, &query, [""])?;

    // A role's name is never empty, so the account that ended the last page does not come again.
    let mut after = (start, "\u{10ffff}".to_owned());
    let limit = usize::try_from(request.page.limit()).unwrap_or(usize::MAX);
    let mut shown: Vec<AccountEntry> = Vec::new();
    let mut open: Option<AccountEntry> = None;
    while shown.len() < limit {
        let rows = portal::list_entries(&mut read, person, (&after.0, &after.1), CHUNK)?;
        let is_last = i64::try_from(rows.len()).unwrap_or(CHUNK) < CHUNK;
        if let Some(last) = rows.last() {
            after = (last.account_id.to_string(), last.permission_set_name.clone());
        }
        for row in rows {
            open = Some(add(open, row, &mut |whole| keep(whole, &request.looked_for, &mut shown)));
        }
        if is_last {
            if let Some(whole) = open.take() {
                keep(whole, &request.looked_for, &mut shown);
            }
            break;
        }
    }
    shown.truncate(limit);
    let page = request.page.of(ctx, &query, shown, |account| [account.id.clone()]);
    Ok(ListEntriesReply { accounts: page.rows, next_token: page.next_token })
}

/// The account that goes on after `row`; the one before it, if it is another, is `whole`.
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

/// Shows what of the account is looked for.
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
