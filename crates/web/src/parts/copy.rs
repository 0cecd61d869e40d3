//! Text to copy: a label, a Copy button, the text.
//!
//! The script shows the button. Without the script the text can be selected.

use maud::{Markup, html};

/// Renders a block of text called `label`; `id` is unique on the page.
#[must_use]
pub fn copy(id: &str, label: &str, text: &str) -> Markup {
    html! {
        div class="copy" {
            div {
                span { (label) }
                span class="unseen" role="status" {}
                button type="button" data-copies=(id) aria-label={ "Copy: " (label) } hidden { "Copy" }
            }
            // Long lines scroll, so the block must be reachable by keyboard.
            pre id=(id) tabindex="0" role="group" aria-label=(label) { (text) }
        }
    }
}

/// Renders short values, one per line, with a Copy button. A line is an id, a label and a value.
#[must_use]
pub fn copy_lines(lines: &[(&str, &str, &str)]) -> Markup {
    html! {
        dl class="lines" {
            @for (id, label, value) in lines {
                div {
                    dt { (label) }
                    dd {
                        div class="copy line" {
                            pre id=(id) tabindex="0" role="group" aria-label=(label) { (value) }
                            div {
                                span class="unseen" role="status" {}
                                button type="button" data-copies=(id) aria-label={ "Copy: " (label) } hidden { "Copy" }
                            }
                        }
                    }
                }
            }
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
