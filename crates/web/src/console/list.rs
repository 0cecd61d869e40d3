//! Console, lists: a page of rows in a panel, or the reason why the role may not see them.

use kernel::page::{BROWSER_TOKEN, Paged};
use kernel::parts::Permitted;
use maud::{Markup, html};
use protocol::form::write_pairs;

use crate::parts::surface::{Weight, note, panel};
use crate::parts::table::{foot, table};

/// Maximum number of rows on a page of a list.
pub(crate) const PAGE_SIZE: u16 = 50;

/// One page of a list.
pub struct Listed<T> {
    pub rows: Vec<T>,
    pub next_token: Option<String>,
    /// True if this is the start of the list.
    pub is_first: bool,
}

impl<T> Listed<T> {
    /// Makes the page that the token `next` led to.
    pub(crate) fn new(paged: Paged<T>, next: &str) -> Self {
        Self { rows: paged.rows, next_token: paged.next_token, is_first: next.is_empty() }
    }

    /// Makes a list of which all rows are here.
    pub(crate) fn whole(rows: Vec<T>) -> Self {
        Self { rows, next_token: None, is_first: true }
    }

    /// Makes the view of each row.
    pub(crate) fn map<U>(self, view: impl FnMut(T) -> U) -> Listed<U> {
        let rows = self.rows.into_iter().map(view).collect();
        Listed { rows, next_token: self.next_token, is_first: self.is_first }
    }

    /// Sorts by name if all of the list is here. A page among others keeps the order that leads on to
    /// the next.
    pub(crate) fn by_name(mut self, name: fn(&T) -> &str) -> Self {
        if self.is_whole() {
            self.rows.sort_by_cached_key(|row| name(row).to_lowercase());
        }
        self
    }

    /// Tells whether this is all of the list.
    fn is_whole(&self) -> bool {
        self.is_first && self.next_token.is_none()
    }
}

/// Panel with a list: a table, an empty state, or a refusal.
pub(crate) struct ListPanel<'a> {
    pub(crate) title: &'a str,
    pub(crate) heads: &'a [&'a str],
    /// Path of the page.
    pub(crate) path: &'a str,
    /// Parameters of the page besides the token.
    pub(crate) pairs: &'a [(&'a str, &'a str)],
    pub(crate) empty: &'a Markup,
}

impl ListPanel<'_> {
    pub(crate) fn render<T>(
        &self,
        list: &Permitted<Listed<T>>,
        row: impl Fn(&T) -> Vec<Markup>,
    ) -> Markup {
        let content = match list {
            Err(why) => refused(why),
            Ok(list) if list.rows.is_empty() && list.is_first => self.empty.clone(),
            Ok(list) => html! {
                (table(self.title, self.heads, list.rows.iter().map(row)))
                (self.foot(list))
            },
        };
        panel("list", self.title, &html! {}, &content)
    }

    fn foot<T>(&self, list: &Listed<T>) -> Markup {
        let shown = if list.is_whole() {
            format!("{} in all", list.rows.len())
        } else {
            format!("{} on this page", list.rows.len())
        };
        let to = |more: &[(&str, &str)]| {
            let pairs = write_pairs(self.pairs.iter().chain(more).copied());
            if pairs.is_empty() { self.path.to_owned() } else { format!("{}?{pairs}", self.path) }
        };
        let next = list.next_token.as_deref().map(|token| to(&[(BROWSER_TOKEN, token)]));
        let first = (!list.is_first).then(|| to(&[]));
        foot(&shown, first.as_deref(), next.as_deref())
    }
}

/// Renders the refusal that takes the place of what the role may not see.
pub(crate) fn refused(why: &str) -> Markup {
    html! {
        div class="body" {
            (note(Weight::Refusal, &html! {
                h3 { "Your role may not see this" }
                p { (why) }
                p class="soft" { "Whoever administers your permission set can allow it." }
            }))
        }
    }
}
