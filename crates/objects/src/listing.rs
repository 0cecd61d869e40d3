//! Pages of keys, with common prefixes rolled up.
//!
//! S3 API Reference, `ListObjectsV2`: `Prefix`, `Delimiter`, `StartAfter`, `MaxKeys`.
//!
//! INVARIANT: the cost of a page is proportional to its entries. Keys below a common prefix are skipped
//! by a query that begins after them, never by reading them.

use std::sync::LazyLock;

use model::Fault;
use model::object::KEY_BYTES_MAX;

/// Text that sorts after every key, with any common prefix before both.
// The greatest character, once more than any key can hold it.
static CEILING: LazyLock<String> =
    LazyLock::new(|| "\u{10FFFF}".repeat(KEY_BYTES_MAX / '\u{10FFFF}'.len_utf8() + 1));

/// The smallest character that a key can hold (`model::object::is_listable`).
const FLOOR: char = '\u{1}';

const FIRST_BATCH: usize = 64;
const SMALLEST_BATCH: usize = 8;

/// The query of a page.
#[derive(Clone, Copy, Debug)]
pub struct Query<'a> {
    pub prefix: &'a str,
    /// The delimiter, which is never empty.
    pub delimiter: Option<&'a str>,
    /// The last entry of the page before: a key or a common prefix. This page begins after it.
    pub after: Option<Place<'a>>,
    pub limit: usize,
}

/// A place in the order of keys, and of ids where entries share a key.
#[derive(Clone, Copy, Debug)]
pub struct Place<'a> {
    pub key: &'a str,
    /// `None`: after all entries with the key.
    pub id: Option<&'a str>,
}

/// The place where the database query begins: at this key, after this id.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct From {
    pub key: String,
    pub after_id: String,
}

/// An entry that is listed by key.
pub trait Listed {
    fn key(&self) -> &str;

    /// Distinguishes entries with the same key. It is empty where keys are unique.
    fn id(&self) -> &str;
}

#[derive(Debug)]
pub struct Page<T> {
    pub entries: Vec<T>,
    pub common_prefixes: Vec<String>,
    /// The last entry or prefix, if there are more pages.
    pub more_after: Option<(String, String)>,
}

/// Collects a page. `fetch` returns a limited number of entries from a place on, below a key, in order.
pub fn collect<T: Listed>(
    query: &Query<'_>,
    mut fetch: impl FnMut(&From, &str, usize) -> Result<Vec<T>, Fault>,
) -> Result<Page<T>, Fault> {
    let mut page = Page { entries: Vec::new(), common_prefixes: Vec::new(), more_after: None };
    if query.limit == 0 {
        return Ok(page);
    }
    let below = after_prefix(query.prefix);
    let mut from = begin(query);
    let mut last = (String::new(), String::new());
    // One more than is shown tells whether there are more pages.
    let most = query.limit.saturating_add(1);
    let mut batch = if query.delimiter.is_some() { most.min(FIRST_BATCH) } else { most };
    loop {
        let room = most - page.entries.len() - page.common_prefixes.len();
        batch = batch.min(room.max(SMALLEST_BATCH));
        let rows = fetch(&from, &below, batch)?;
        let (all_rows, mut shown) = (rows.len(), 0);
        for row in rows {
            let rolled = query.rolled(row.key());
            if rolled.is_some() && rolled == page.common_prefixes.last().map(String::as_str) {
                continue;
            }
            if page.entries.len() + page.common_prefixes.len() == query.limit {
                page.more_after = Some(last);
                return Ok(page);
            }
            shown += 1;
            if let Some(prefix) = rolled {
                from = From { key: after_prefix(prefix), after_id: String::new() };
                last = (prefix.to_owned(), String::new());
                page.common_prefixes.push(prefix.to_owned());
            } else {
                from = successor(&row);
                last = (row.key().to_owned(), row.id().to_owned());
                page.entries.push(row);
            }
        }
        if all_rows < batch {
            return Ok(page);
        }
        // A batch is small after one that was mostly rolled up; otherwise batches grow.
        batch = if shown * 2 < all_rows { SMALLEST_BATCH.max(shown * 2) } else { batch * 2 };
    }
}

impl Query<'_> {
    /// The common prefix that a key is rolled up into, if there is one.
    fn rolled<'k>(&self, key: &'k str) -> Option<&'k str> {
        let rest = key.strip_prefix(self.prefix)?;
        let end = rest.find(self.delimiter?)? + self.delimiter?.len();
        key.get(..self.prefix.len() + end)
    }
}

fn begin(query: &Query<'_>) -> From {
    let at = |key: &str| From { key: key.to_owned(), after_id: String::new() };
    match query.after {
        Some(Place { key, id: Some(id) }) if key >= query.prefix => {
            From { key: key.to_owned(), after_id: id.to_owned() }
        }
        // After a common prefix, all keys below it were shown.
        Some(Place { key, id: None }) if query.rolled(key) == Some(key) => at(&after_prefix(key)),
        Some(Place { key, id: None }) if key >= query.prefix => at(&next_key(key)),
        Some(_) | None => at(query.prefix),
    }
}

fn successor(row: &impl Listed) -> From {
    if row.id().is_empty() {
        return From { key: next_key(row.key()), after_id: String::new() };
    }
    From { key: row.key().to_owned(), after_id: row.id().to_owned() }
}

/// The first possible key after `key`.
#[must_use]
pub fn next_key(key: &str) -> String {
    let mut next = String::with_capacity(key.len() + 1);
    next.push_str(key);
    next.push(FLOOR);
    next
}

/// Text that sorts after all keys with a prefix.
#[must_use]
pub fn after_prefix(prefix: &str) -> String {
    format!("{prefix}{}", *CEILING)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
    struct Row(String, String);

    impl Listed for Row {
        fn key(&self) -> &str {
            &self.0
        }

        fn id(&self) -> &str {
            &self.1
        }
    }

    /// A sorted table that counts the rows read.
    struct Table {
        rows: Vec<Row>,
        read: usize,
    }

    impl Table {
        fn of(keys: impl IntoIterator<Item = String>) -> Self {
            let mut rows: Vec<Row> = keys.into_iter().map(|key| Row(key, String::new())).collect();
            rows.sort();
            Self { rows, read: 0 }
        }

        fn fetch(&mut self, from: &From, below: &str, limit: usize) -> Vec<Row> {
            let from = Row(from.key.clone(), from.after_id.clone());
            let begins = |row: &&Row| if row.1.is_empty() { **row >= from } else { **row > from };
            let rows = self.rows.iter().filter(begins).filter(|row| *row.0 < *below);
            let rows: Vec<Row> = rows.take(limit).cloned().collect();
            self.read += rows.len();
            rows
        }

        /// All pages of a query, as keys and prefixes in the order in which they were shown.
        fn pages(
            &mut self,
            prefix: &str,
            delimiter: Option<&str>,
            limit: usize,
        ) -> Vec<Vec<String>> {
            let (mut pages, mut after) = (Vec::new(), None::<(String, String)>);
            loop {
                let place = after.as_ref().map(|(key, id)| Place {
                    key,
                    id: Some(id.as_str()).filter(|id| !id.is_empty()),
                });
                let query = Query { prefix, delimiter, after: place, limit };
                let page = collect(&query, |from, below, limit| Ok(self.fetch(from, below, limit)));
                let page = page.unwrap();
                let mut shown: Vec<String> =
                    page.entries.into_iter().map(|Row(key, id)| key + &id).collect();
                shown.extend(page.common_prefixes);
                shown.sort();
                pages.push(shown);
                after = page.more_after;
                if after.is_none() {
                    return pages;
                }
            }
        }
    }

    fn table() -> Table {
        let keys = ["asdf", "boo/bar", "boo/baz/xyzzy", "cquux/bla", "cquux/thud", "ä", "boo"];
        Table::of(keys.map(str::to_owned))
    }

    #[test]
    fn keys_below_a_delimiter_are_one_common_prefix() {
        assert_eq!(table().pages("", Some("/"), 10), [["asdf", "boo", "boo/", "cquux/", "ä"]]);
        assert_eq!(table().pages("boo/", Some("/"), 10), [["boo/bar", "boo/baz/"]]);
        assert_eq!(table().pages("boo", None, 10), [["boo", "boo/bar", "boo/baz/xyzzy"]]);
        assert_eq!(table().pages("x", Some("/"), 10), [[""; 0]]);
    }

    #[test]
    fn pages_of_any_size_say_the_same_as_one() {
        for (prefix, delimiter) in
            [("", None), ("", Some("/")), ("boo", Some("o")), ("b", Some("/"))]
        {
            let whole = table().pages(prefix, delimiter, 100).concat();
            for limit in 1..=whole.len() + 1 {
                let pages = table().pages(prefix, delimiter, limit);
                assert!(pages.iter().all(|page| page.len() <= limit));
                assert_eq!(pages.len(), whole.len().div_ceil(limit).max(1), "{prefix} {limit}");
                assert_eq!(pages.concat(), whole);
            }
        }
    }

    #[test]
    fn a_page_goes_on_after_a_key_that_is_not_there() {
        let mut table = table();
        let after = |key, prefix| Query {
            prefix,
            delimiter: Some("/"),
            after: Some(Place { key, id: None }),
            limit: 10,
        };
        let mut shown = |query: Query<'_>| {
            let page = collect(&query, |from, below, n| Ok(table.fetch(from, below, n))).unwrap();
            (page.entries.len(), page.common_prefixes)
        };
        assert_eq!(shown(after("boo/b", "")), (1, vec!["boo/".to_owned(), "cquux/".to_owned()]));
        assert_eq!(shown(after("boo/", "")), (1, vec!["cquux/".to_owned()]));
        assert_eq!(shown(after("a", "boo/")), (1, vec!["boo/baz/".to_owned()]));
        assert_eq!(shown(after("z", "boo/")), (0, vec![]));
    }

    #[test]
    fn keys_below_a_common_prefix_are_not_read() {
        let keys = (0..20).flat_map(|folder| (0..500).map(move |n| format!("{folder:02}/{n:03}")));
        let mut table = Table::of(keys);
        assert_eq!(table.pages("", Some("/"), 1000).concat().len(), 20);
        assert!(table.read < 20 * 12 + FIRST_BATCH, "{} of 10,000 rows", table.read);
    }

    #[test]
    fn things_with_one_key_are_told_apart_by_their_ids() {
        let rows = [("a", "1"), ("a", "2"), ("a", "3"), ("b", "1")];
        let rows = rows.map(|(key, id)| Row(key.to_owned(), id.to_owned())).to_vec();
        let mut table = Table { rows, read: 0 };
        assert_eq!(table.pages("", None, 2), [["a1", "a2"], ["a3", "b1"]]);
        let after = Some(Place { key: "a", id: None });
        let query = Query { prefix: "", delimiter: None, after, limit: 9 };
        let page = collect(&query, |from, below, n| Ok(table.fetch(from, below, n))).unwrap();
        assert_eq!(page.entries.len(), 1);
    }

    #[test]
    fn a_key_of_the_greatest_characters_is_below_the_ceiling() {
        let key = "\u{10FFFF}".repeat(KEY_BYTES_MAX / 4);
        assert!(*key < *after_prefix(""));
        assert_eq!(Table::of([key.clone()]).pages("", None, 1), [[key]]);
    }
}
