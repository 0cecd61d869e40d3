//! Tables, and the way from one page of a list to the next.

use maud::{Markup, html};

/// A table called `label` (for those who hear it), that scrolls sideways where it must. The first
/// cell of a row names it.
// Where there is no room for columns each row becomes a card, and its cells say their own heads.
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

/// The foot of a list: what is shown, the way back to the start and the way on.
///
/// A token leads forward only; back is the browser's own button.
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
