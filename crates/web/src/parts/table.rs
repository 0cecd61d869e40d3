//! Tables, and the links from one page of a list to the next.

use maud::{Markup, html};

/// Renders a table. Screen readers call it `label`. The first cell of a row names the row.
// On narrow screens the style sheet shows each row as a card, and each cell with its own head.
#[must_use]
pub fn table(label: &str, heads: &[&str], rows: impl IntoIterator<Item = Vec<Markup>>) -> Markup {
    html! {
        div class="scroll" role="group" tabindex="0" aria-label=(label) {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { @for cells in rows { (row(heads, &cells)) } }
            }
        }
    }
}

fn row(heads: &[&str], cells: &[Markup]) -> Markup {
    html! {
        tr {
            @for (place, (head, cell)) in heads.iter().zip(cells).enumerate() {
                @if place == 0 { th scope="row" { (cell) } }
                @else { td data-head=(head) { (cell) } }
            }
        }
    }
}

/// Renders the foot of a list: the number of rows, and links to the first and the next page.
///
/// A token leads only forward. The browser's own button leads back.
#[must_use]
pub fn foot(shown: &str, first: Option<&str>, next: Option<&str>) -> Markup {
    html! {
        div class="foot" {
            span { (shown) }
            @if first.is_some() || next.is_some() {
                nav class="ways" aria-label="Pages" {
                    @if let Some(first) = first { a class="button quiet" href=(first) { "First page" } }
                    @if let Some(next) = next { a class="button quiet" href=(next) rel="next" { "Next page" } }
                }
            }
        }
    }
}
