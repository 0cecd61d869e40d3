//! Creates many rows quickly: one of a kind is created through the API and copied in the database.
//!
//! A copy has other texts in place of the row's own (its id, its name) in every column, so what a row holds twice stays
//! the same twice. The SQL is one text for both engines. The server is stopped meanwhile.

use serde_json::json;

use super::admin::user;
use super::person::text;
use super::portico::Portico;
use super::rows::Rows;

/// Name of the user that users are copies of.
pub const USER: &str = "bench-template";

/// Copies of one row.
pub struct Copies<'a> {
    pub table: &'a str,
    /// Condition that only this row meets.
    pub row: &'a str,
    /// Subquery with a row for each copy, whose columns the new texts are made of.
    pub each: &'a str,
    /// Texts of the row, and the SQL expressions that take their places.
    pub texts: &'a [(&'a str, String)],
}

impl Copies<'_> {
    pub fn make(&self, rows: &mut Rows) -> Result<(), String> {
        let Self { table, row, each, texts } = self;
        let columns = rows.columns(table)?;
        let value = |(column, is_text): &(String, bool)| {
            let whole = format!("t.{column}");
            let texts = texts.iter().filter(|_| *is_text);
            texts.fold(whole, |whole, (old, new)| format!("replace({whole}, '{old}', {new})"))
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let names: Vec<&str> = columns.iter().map(|(column, _)| column.as_str()).collect();
        let (names, values) = (names.join(", "), values.join(", "));
        rows.run(&format!(
            "CREATE TEMPORARY TABLE template AS SELECT * FROM {table} WHERE {row};
            INSERT INTO {table} ({names}) SELECT {values} FROM template t CROSS JOIN ({each}) each;
            DROP TABLE template"
        ))
    }
}

/// A subquery with the numbers `n` of a range, the last one included.
pub fn numbers(first: u32, last: u32) -> String {
    format!(
        "WITH RECURSIVE number(n) AS (SELECT CAST({first} AS BIGINT) WHERE {first} <= {last}
            UNION ALL SELECT n + 1 FROM number WHERE n < {last})
        SELECT n FROM number"
    )
}

/// Eight digits for each number, in another order than the numbers: ids and names of real rows have no order.
#[derive(Clone, Copy)]
pub struct Digits(
    /// A number without a divisor of ten.
    u64,
);

pub const ID: Digits = Digits(61_803_399);
pub const NAME: Digits = Digits(38_196_601);

/// Number of texts of eight digits.
const TEXTS: u64 = 100_000_000;

impl Digits {
    pub fn of(self, number: u32) -> String {
        format!("{:08}", u64::from(number) * self.0 % TEXTS)
    }

    /// The SQL expression of the digits of an expression.
    pub fn sql(self, number: &str) -> String {
        let factor = self.0;
        format!("substr(CAST({TEXTS} + {number} * CAST({factor} AS BIGINT) % {TEXTS} AS TEXT), 2)")
    }
}

/// What follows the digits of a user's id.
pub const USER_ID: &str = "-0000-4000-8000-000000000001";

/// Copies users with numbers.
pub fn copy_users(rows: &mut Rows, template_id: &str, first: u32, last: u32) -> Result<(), String> {
    Copies {
        table: "identity_user",
        row: &format!("id = '{template_id}'"),
        each: &numbers(first, last),
        texts: &[
            (template_id, format!("{} || '{USER_ID}'", ID.sql("n"))),
            (USER, format!("'grown-' || {}", NAME.sql("n"))),
        ],
    }
    .make(rows)
}

/// Fills the store with users that have the numbers of a range.
pub fn grow(portico: Portico, store_id: &str, first: u32, last: u32) -> Result<Portico, String> {
    let template = portico.call("AWSIdentityStore.CreateUser", &user(store_id, USER));
    // The template exists from the last size.
    let template = template.or_else(|_| {
        let name = json!({"AttributePath": "userName", "AttributeValue": USER});
        let found = json!({"UniqueAttribute": name});
        let asked = json!({"IdentityStoreId": store_id, "AlternateIdentifier": found});
        portico.call("AWSIdentityStore.GetUserId", &asked)
    })?;
    let id = text(&template, "UserId").ok_or("a user without an id")?;
    portico.restart_after(|database| {
        let mut rows = database.open()?;
        copy_users(&mut rows, &id, first, last)?;
        rows.close()
    })
}
