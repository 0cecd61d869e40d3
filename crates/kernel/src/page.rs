//! Paging of lists.
//!
//! INVARIANT: a list reads one row more than it returns, and the token contains the key of the last
//! returned row, so every page costs the same. A token is valid only for its own query.

use std::fmt::Display;

use model::Fault;
use protocol::{Fields, paging};

use crate::{Ctx, Operation};

/// Maximum page size, and the default.
// AWS: `MaxResults` of most services.
const PAGE_MAX: i64 = 100;

/// Parameter of a browser's address that holds the token of the next page.
pub const BROWSER_TOKEN: &str = "next";

/// The part of a list request that is about paging.
#[derive(Clone, Debug)]
pub struct Page {
    size: i64,
    token: Option<String>,
    /// Field name of the token in the protocol.
    token_field: &'static str,
}

/// Page of rows, with the token of the next page.
#[derive(Debug)]
pub struct Paged<T> {
    pub rows: Vec<T>,
    pub next_token: Option<String>,
}

impl Page {
    /// Reads `MaxResults` and `NextToken` with the limits of identitystore.
    pub fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        if fields.text("NextToken")?.is_some_and(str::is_empty) {
            return Err(fields.invalid("NextToken", "not be empty"));
        }
        Self::within(fields, PAGE_MAX, 65_535)
    }

    /// Reads `MaxResults`, at most `size_max`, and `NextToken`, at most `token_max` characters.
    pub fn within(fields: &Fields<'_>, size_max: i64, token_max: usize) -> Result<Self, Fault> {
        let size = fields.integer("MaxResults", 1..=size_max)?.unwrap_or(size_max);
        let page = Self::of_size(size, fields, "NextToken")?;
        // AWS: the pattern is `[-a-zA-Z0-9+=/_]*`; tokens of this server match it.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-+=/_:".contains(&byte);
        match &page.token {
            Some(token) if token.chars().count() > token_max || !token.bytes().all(plain) => {
                Err(page.bad_token())
            }
            Some(_) | None => Ok(page),
        }
    }

    /// Reads the page size and the token from fields with other names.
    pub fn from_named(
        fields: &Fields<'_>,
        max_results: &'static str,
        next_token: &'static str,
    ) -> Result<Self, Fault> {
        let size = fields.integer(max_results, 1..=PAGE_MAX)?.unwrap_or(PAGE_MAX);
        Self::of_size(size, fields, next_token)
    }

    fn of_size(size: i64, fields: &Fields<'_>, token_field: &'static str) -> Result<Self, Fault> {
        let token = fields.text(token_field)?.filter(|token| !token.is_empty());
        Ok(Self { size, token: token.map(str::to_owned), token_field })
    }

    /// Makes a page of at most `size` rows from the token of a browser's address. An empty token leads
    /// to the first page.
    #[must_use]
    pub fn new(size: u16, token: &str) -> Self {
        let token = (!token.is_empty()).then(|| token.to_owned());
        Self { size: size.into(), token, token_field: BROWSER_TOKEN }
    }

    /// The first page.
    #[must_use]
    pub fn first() -> Self {
        Self { size: PAGE_MAX, token: None, token_field: "NextToken" }
    }

    /// Reads the page of a list.
    ///
    /// - `narrowed_by` is everything in the request that narrows the list: a token is valid only
    ///   for the same operation with the same values.
    /// - `first` is the key before the first row.
    /// - `rows` reads up to the given number of rows after a key. The number is one more than the
    ///   page holds.
    /// - `key` returns the key of a row.
    pub fn read<T, Request, Reply, const N: usize>(
        &self,
        ctx: &Ctx<'_>,
        operation: &Operation<Request, Reply>,
        narrowed_by: &[&dyn Display],
        first: [&str; N],
        rows: impl FnOnce([String; N], i64) -> Result<Vec<T>, Fault>,
        key: impl FnOnce(&T) -> [String; N],
    ) -> Result<Paged<T>, Fault> {
        let query = query(operation.name, narrowed_by);
        let paging_key = &ctx.portico.paging_key;
        let after = match &self.token {
            None => first.map(str::to_owned),
            Some(token) => {
                let position = paging::decode(paging_key, &query, token);
                let position = position.and_then(|parts| parts.try_into().ok());
                position.ok_or_else(|| self.bad_token())?
            }
        };
        let mut rows = rows(after, self.size + 1)?;
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return Ok(Paged { rows, next_token: None });
        }
        rows.truncate(size);
        let next_token = rows.last().map(|last| {
            let position = key(last);
            let position: Vec<&str> = position.iter().map(String::as_str).collect();
            paging::encode(paging_key, &query, &position)
        });
        Ok(Paged { rows, next_token })
    }

    /// Refuses any token, for a list that never has a second page.
    pub fn require_first(&self) -> Result<(), Fault> {
        if self.token.is_none() { Ok(()) } else { Err(self.bad_token()) }
    }

    /// Makes the error for an invalid token or a token of another query.
    #[must_use]
    pub fn bad_token(&self) -> Fault {
        Fault::invalid(self.token_field, "be one that the same query has returned")
    }
}

/// Builds the text that a token is bound to. The length precedes each part, so that two different
/// queries never have the same text.
fn query(operation: &str, narrowed_by: &[&dyn Display]) -> String {
    narrowed_by.iter().fold(operation.to_owned(), |query, part| {
        let part = part.to_string();
        query + " " + &part.len().to_string() + ":" + &part
    })
}

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn no_two_queries_have_one_text() {
        let name = "SSOPortal.ListAccounts";
        assert_ne!(query(name, &[&"a b", &"c"]), query(name, &[&"a", &"b c"]));
        assert_ne!(query(name, &[&"", &"a"]), query(name, &[&"a", &""]));
        assert_ne!(query(name, &[&"a"]), query("AWSOrganizations.ListAccounts", &[&"a"]));
    }
}
