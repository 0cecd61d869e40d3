//! Paging: how many, and from where.
//!
//! INVARIANT: a list reads one row more than it answers with, and the token holds the key of the
//! last row answered, so a page costs the same wherever it is. A token is good for its query alone.

use model::Fault;
use protocol::{Fields, paging};

use crate::Ctx;

/// How many rows a page has, and how many if nobody says.
// AWS: `MaxResults` of most services.
const PAGE_MAX: i64 = 100;

/// Parameter of a browser's address that holds the token of the next page.
pub const BROWSER_TOKEN: &str = "next";

/// The part of a list request that is about paging.
#[derive(Clone, Debug)]
pub struct Page {
    size: i64,
    token: Option<String>,
    /// What the protocol calls the token.
    token_field: &'static str,
}

/// One page of rows, and the way to the next.
#[derive(Debug)]
pub struct Paged<T> {
    pub rows: Vec<T>,
    pub next_token: Option<String>,
}

impl Page {
    /// Reads `MaxResults` and `NextToken` as identitystore has them.
    pub fn from_fields(fields: &Fields<'_>) -> Result<Self, Fault> {
        if fields.text("NextToken")?.is_some_and(str::is_empty) {
            return Err(fields.invalid("NextToken", "not be empty"));
        }
        Self::within(fields, PAGE_MAX, 65_535)
    }

    /// Reads the same where pages have at most `size_max` rows, and tokens `token_max` characters.
    pub fn within(fields: &Fields<'_>, size_max: i64, token_max: usize) -> Result<Self, Fault> {
        let size = fields.integer("MaxResults", 1..=size_max)?.unwrap_or(size_max);
        let page = Self::of_size(size, fields, "NextToken")?;
        // AWS: `[-a-zA-Z0-9+=/_]*`, and no token of ours has anything else.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-+=/_:".contains(&byte);
        match &page.token {
            Some(token) if token.chars().count() > token_max || !token.bytes().all(plain) => {
                Err(page.bad_token())
            }
            Some(_) | None => Ok(page),
        }
    }

    /// Reads the same from fields of other names.
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

    /// Where to go on: the parts of the key after which the page begins, or `first` at the start.
    /// `query` names the operation and everything that narrows it.
    pub fn after<const N: usize>(
        &self,
        ctx: &Ctx<'_>,
        query: &str,
        first: [&str; N],
    ) -> Result<[String; N], Fault> {
        let Some(token) = &self.token else { return Ok(first.map(str::to_owned)) };
        let position = paging::decode(&ctx.portico.paging_key, query, token);
        position.and_then(|parts| parts.try_into().ok()).ok_or_else(|| self.bad_token())
    }

    /// The complaint about a token that is none, or another list's.
    #[must_use]
    pub fn bad_token(&self) -> Fault {
        Fault::invalid(self.token_field, "be one that the same query has returned")
    }

    /// How many rows to ask the database for.
    #[must_use]
    pub fn limit(&self) -> i64 {
        self.size + 1
    }

    /// The page made of rows that [`Page::limit`] asked for; `key` tells where a row stands.
    #[must_use]
    pub fn of<T, const N: usize>(
        &self,
        ctx: &Ctx<'_>,
        query: &str,
        mut rows: Vec<T>,
        key: fn(&T) -> [String; N],
    ) -> Paged<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        if rows.len() <= size {
            return Paged { rows, next_token: None };
        }
        rows.truncate(size);
        let next_token = rows.last().map(|last| {
            let position = key(last);
            let position: Vec<&str> = position.iter().map(String::as_str).collect();
            paging::encode(&ctx.portico.paging_key, query, &position)
        });
        Paged { rows, next_token }
    }
}
