//! Panels, facts, states, notes and empty states.

use maud::{Markup, html};

/// Renders a titled panel; `aside` is at the right of the title.
#[must_use]
pub fn panel(id: &str, title: &str, aside: &Markup, body: &Markup) -> Markup {
    html! {
        section class="panel" aria-labelledby=(id) {
            header { h2 id=(id) { (title) } (aside) }
            (body)
        }
    }
}

/// Renders the body of a panel that is not a table.
#[must_use]
pub fn body(content: &Markup) -> Markup {
    html! { div class="body" { (content) } }
}

/// Renders names and values in columns.
#[must_use]
pub fn facts(facts: &[(&str, Markup)]) -> Markup {
    facts_as("facts", facts)
}

/// Renders names and values in rows, for long values.
#[must_use]
pub fn fact_rows(facts: &[(&str, Markup)]) -> Markup {
    facts_as("facts rows", facts)
}

fn facts_as(class: &str, facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl class=(class) {
            @for (name, value) in facts {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// Renders an identifier.
#[must_use]
pub fn mono(text: &str) -> Markup {
    html! { span class="mono" { (text) } }
}

/// Renders an identifier in a table.
#[must_use]
pub fn id(text: &str) -> Markup {
    html! { span class="mono soft keep" { (text) } }
}

/// Shape of a state.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Shape {
    Good,
    Off,
    Waiting,
    Bad,
}

/// Renders a state as a shape and a word.
#[must_use]
pub fn state(shape: Shape, word: &str) -> Markup {
    let class = match shape {
        Shape::Good => "state",
        Shape::Off => "state off",
        Shape::Waiting => "state wait",
        Shape::Bad => "state bad",
    };
    html! { span class=(class) { (word) } }
}

/// Importance of a note.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Weight {
    Plain,
    Good,
    Warning,
    Refusal,
}

/// Renders a note.
#[must_use]
pub fn note(weight: Weight, content: &Markup) -> Markup {
    let class = match weight {
        Weight::Plain => "note",
        Weight::Good => "note good",
        Weight::Warning => "note warn",
        Weight::Refusal => "note bad",
    };
    html! { div class=(class) { (content) } }
}

/// Renders an empty state: the purpose of the place, and the first step.
#[must_use]
pub fn empty(title: &str, content: &Markup) -> Markup {
    html! { div class="empty" { h2 { (title) } (content) } }
}

/// Renders the progress of long work.
#[must_use]
pub fn progress(id: &str, words: &str, done: u64, all: u64) -> Markup {
    html! {
        div class="field" {
            label for=(id) { (words) }
            progress id=(id) max=(all) value=(done) { (done) " of " (all) }
        }
    }
}
