//! Fills a store: each row is a copy of one that was made through the API.

use super::super::person::ROLE;
use super::super::rows::Rows;
use super::super::seed::{Copies, ID, NAME, USER_ID, copy_users, numbers};
use super::size::{
    ACCOUNT_ID, EVERYWHERE, FEW, GROUP_ID, GROUPS, MANY, SET_ID, SETS, Size, group_id,
};

/// What is copied. Each text is an id or name of a row that the API has made.
pub struct Templates {
    pub user_id: String,
    pub group_id: String,
    pub group_name: String,
    pub membership_id: String,
    pub account_id: String,
    pub account_name: String,
    pub set_id: String,
    /// Person with many accounts, who is assigned to the account of the templates.
    pub person_id: String,
    /// Person in many groups.
    pub hundred_id: String,
}

/// Numbers of the groups that are special, beyond those of the largest size.
pub const BIG: u32 = 90_000_001;
pub const FAT: u32 = 90_000_002;

pub fn fill(rows: &mut Rows, made: &Templates, size: &Size) -> Result<(), String> {
    copy_users(rows, &made.user_id, 1, size.users)?;
    groups(rows, made, size)?;
    memberships(rows, made, size)?;
    accounts(rows, made, size)?;
    permission_sets(rows, made)?;
    assignments(rows, made, size)?;
    roles(rows, made)
}

fn user(number: &str) -> String {
    format!("{} || '{}'", ID.sql(number), USER_ID)
}

fn group(number: &str) -> String {
    format!("{} || '{GROUP_ID}'", ID.sql(number))
}

fn account(number: &str) -> String {
    format!("'{ACCOUNT_ID}' || {}", ID.sql(number))
}

fn set(number: &str) -> String {
    format!("'{SET_ID}' || {}", ID.sql(number))
}

fn groups(rows: &mut Rows, made: &Templates, size: &Size) -> Result<(), String> {
    Copies {
        table: "identity_group",
        row: &format!("id = '{}'", made.group_id),
        each: &format!(
            "{} UNION ALL SELECT {BIG} UNION ALL SELECT {FAT}",
            numbers(0, size.groups - 1)
        ),
        texts: &[
            (&made.group_id, group("n")),
            (&made.group_name, format!("'group-' || {}", NAME.sql("n"))),
        ],
    }
    .make(rows)
}

/// Each user is in one group, one person in many, and one group has many.
fn memberships(rows: &mut Rows, made: &Templates, size: &Size) -> Result<(), String> {
    let each = [
        format!(
            "SELECT n, {} AS g, {} AS u FROM ({}) users",
            group(&format!("(n % {})", size.groups)),
            user("n"),
            numbers(1, size.users)
        ),
        format!(
            "SELECT n + {}, {}, '{}' FROM ({}) hundred",
            size.users + 1,
            group("n"),
            made.hundred_id,
            numbers(0, GROUPS - 1)
        ),
        format!(
            "SELECT n + {}, '{}', {} FROM ({}) big",
            size.users + GROUPS,
            group_id(BIG),
            user("n"),
            numbers(1, size.big())
        ),
    ];
    Copies {
        table: "identity_membership",
        row: &format!("id = '{}'", made.membership_id),
        each: &each.join(" UNION ALL "),
        texts: &[
            (&made.membership_id, format!("{} || '-0000-4000-8000-000000000003'", ID.sql("n"))),
            (&made.group_id, "g".to_owned()),
            (&made.user_id, "u".to_owned()),
        ],
    }
    .make(rows)
}

fn accounts(rows: &mut Rows, made: &Templates, size: &Size) -> Result<(), String> {
    Copies {
        table: "account",
        row: &format!("id = '{}'", made.account_id),
        each: &numbers(0, size.accounts - 1),
        texts: &[
            (&made.account_id, account("n")),
            (&made.account_name, format!("'account-' || {}", NAME.sql("n"))),
        ],
    }
    .make(rows)
}

fn permission_sets(rows: &mut Rows, made: &Templates) -> Result<(), String> {
    for (table, column) in
        [("permission_set", "id"), ("permission_set_managed_policy", "permission_set_id")]
    {
        Copies {
            table,
            row: &format!("{column} = '{}'", made.set_id),
            each: &numbers(0, SETS - 1),
            texts: &[
                (&made.set_id, set("n")),
                (ROLE, format!("'{ROLE}' || substr(CAST(100 + n AS TEXT), 2)")),
            ],
        }
        .make(rows)?;
    }
    Ok(())
}

fn assignments(rows: &mut Rows, made: &Templates, size: &Size) -> Result<(), String> {
    let accounts = size.accounts;
    // Account `a`, permission set `s`, group `g`.
    let each = [
        format!(
            "SELECT {} AS a, {} AS s, {} AS g FROM ({}) g CROSS JOIN ({}) k
            WHERE k.n < CASE WHEN g.n < {GROUPS} THEN {FEW} ELSE {MANY} END",
            account(&format!("((g.n * {MANY} + k.n) % {accounts})")),
            set("(1 + (g.n + k.n) % 20)"),
            group("g.n"),
            numbers(0, size.groups - 1),
            numbers(0, MANY - 1),
        ),
        format!(
            "SELECT {}, {}, '{}' FROM ({}) fat",
            account(&format!("(n % {accounts})")),
            set(&format!("(21 + n / {accounts} % 10)")),
            group_id(FAT),
            numbers(0, size.fat - 1),
        ),
        format!(
            "SELECT {}, {}, '{}' FROM ({}) everywhere",
            account("n"),
            set(&EVERYWHERE.to_string()),
            group_id(0),
            numbers(0, accounts - 1),
        ),
    ];
    let of = |principal: &str| {
        format!("account_id = '{}' AND principal_id = '{principal}'", made.account_id)
    };
    Copies {
        table: "account_assignment",
        row: &of(&made.group_id),
        each: &each.join(" UNION ALL "),
        texts: &[
            (&made.account_id, "a".to_owned()),
            (&made.set_id, "s".to_owned()),
            (&made.group_id, "g".to_owned()),
        ],
    }
    .make(rows)?;
    Copies {
        table: "account_assignment",
        row: &of(&made.person_id),
        each: &numbers(0, size.held() - 1),
        texts: &[(&made.account_id, account("n")), (&made.set_id, set("0"))],
    }
    .make(rows)
}

/// Where there is an assignment there is the role.
fn roles(rows: &mut Rows, made: &Templates) -> Result<(), String> {
    // Ids of roles are written in letters and the digits from 2 to 7.
    let digits = ["0", "1", "8", "9"].iter().zip(["A", "B", "C", "D"]);
    let letters = digits.fold(ID.sql("n"), |text, (digit, letter)| {
        format!("replace({text}, '{digit}', '{letter}')")
    });
    let row =
        format!("account_id = '{}' AND permission_set_id = '{}'", made.account_id, made.set_id);
    let role_id = rows.text(&format!("SELECT role_id FROM role WHERE {row}"))?;
    Copies {
        table: "role",
        row: &row,
        each:
            "SELECT row_number() OVER () AS n, w.account_id AS a, w.permission_set_id AS s, p.name
            FROM (SELECT DISTINCT account_id, permission_set_id FROM account_assignment) w
            JOIN permission_set p ON p.id = w.permission_set_id
            WHERE NOT EXISTS (SELECT 1 FROM role r
                WHERE r.account_id = w.account_id AND r.permission_set_id = w.permission_set_id)",
        texts: &[
            (&made.account_id, "a".to_owned()),
            (&made.set_id, "s".to_owned()),
            (ROLE, "each.name".to_owned()),
            (&role_id, format!("'AROABENCHBENC' || {letters}")),
        ],
    }
    .make(rows)
}
