//! Access portal, list of the accounts of a person with their roles, with search.
//!
//! The API has one list of accounts and one list of roles per account. A page of fifty accounts
//! would take fifty-one calls, and neither list supports a search.

use std::collections::HashMap;
use std::fmt::Display;

use kernel::page::Page;
use kernel::sessions::person;
use kernel::{Ctx, Operation};
use model::Fault;
use model::ids::AccountId;
use model::organization::Account;
use policy::PersonSession;
use store::Read;
use store::portal;

use super::list_accounts;

pub const OPERATION: Operation<ListEntriesRequest, ListEntriesReply> =
    Operation::reads("SSOPortal.ListEntries", list_accounts::OPERATION.action, list_entries);

/// Number of accounts per query of a search, which few of them may match.
const SEARCHED: i64 = 500;

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
    mut after: String,
    limit: i64,
) -> Result<Vec<AccountEntry>, Fault> {
    let at_once = if looked_for.is_empty() { limit } else { SEARCHED };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let mut shown: Vec<AccountEntry> = Vec::new();
    while shown.len() < limit {
        let accounts = portal::list_accounts(read, person, &after, at_once)?;
        let (Some(first), Some(last)) = (accounts.first(), accounts.last()) else { break };
        let mut roles: HashMap<AccountId, Vec<String>> = HashMap::new();
        for (account_id, role) in portal::list_names(read, person, (&first.id, &last.id))? {
            roles.entry(account_id).or_default().push(role);
        }
        after = last.id.to_string();
        let is_last = i64::try_from(accounts.len()).unwrap_or(at_once) < at_once;
        for Account { id, name, email, .. } in accounts {
            let roles = roles.remove(&id).unwrap_or_default();
            let (name, email) = (name.to_string(), email.to_string());
            keep(AccountEntry { id: id.into(), name, email, roles }, looked_for, &mut shown);
        }
        if is_last {
            break;
        }
    }
    shown.truncate(limit);
    Ok(shown)
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
        let entry = |account: &str, name: &str, roles: &[&str]| AccountEntry {
            id: account.to_owned(),
            name: name.to_owned(),
            email: format!("{}@example.com", &account[..3]),
            roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        };
        let mut shown = Vec::new();
        for account in [
            entry("111111111111", "Rail", &["Administrator", "Reader"]),
            entry("222222222222", "Ärchive", &["Reader"]),
        ] {
            keep(account, looked_for, &mut shown);
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
