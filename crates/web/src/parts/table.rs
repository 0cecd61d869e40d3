//! Tables, and the way from one page of a list to the next.

use maud::{Markup, html};

/// A table called `label` (for those who hear it), that scrolls sideways where it must.
#[must_use]
pub fn table(label: &str, heads: &[&str], rows: &Markup) -> Markup {
    html! {
        div class="scroll" role="group" tabindex="0" aria-label=(label) {
            table {
                thead { tr { @for head in heads { th scope="col" { (head) } } } }
                tbody { (rows) }
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
