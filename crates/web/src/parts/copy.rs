//! A text that is there to be copied: what it is, a Copy button, the text.
//!
//! The button appears with the script that makes it work; without, the text can be selected.

use maud::{Markup, html};

/// A block of text called `label`; `id` is unique on the page.
#[must_use]
pub fn copy(id: &str, label: &str, text: &str) -> Markup {
    html! {
        div class="copy" {
            div {
                span { (label) }
                span class="unseen" role="status" {}
                button type="button" data-copies=(id) aria-label={ "Copy: " (label) } hidden { "Copy" }
            }
            // Long lines scroll, so the block must be in reach of the keyboard.
            pre id=(id) tabindex="0" role="group" aria-label=(label) { (text) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_escaped_and_complete() {
        let html = copy("k", "Terminal", "a=\"1\" <b> & c\nd").into_string();
        assert!(html.contains("a=&quot;1&quot; &lt;b&gt; &amp; c\nd</pre>"), "{html}");
    }
}
