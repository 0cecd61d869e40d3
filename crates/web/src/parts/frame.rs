//! The frame around a page: the document, the bar, the rooms of the console, the door.

use maud::{DOCTYPE, Markup, html};

use super::hidden;
use crate::assets::{MARK, SCRIPT, STYLE};

/// Who is signed in, and how they leave.
pub struct Bar<'a> {
    /// Where the mark leads.
    pub home: &'a str,
    /// What this is the portal or the console of.
    pub place: &'a str,
    pub who: &'a str,
    /// A way to another place, with its title.
    pub way: Option<(&'a str, &'a str)>,
    /// What the button to leave says.
    pub leave: &'a str,
    /// Where to send the wish to leave, and the token of that form.
    pub sign_out: &'a str,
    pub sign_out_token: &'a str,
}

/// A way in the rooms of the console.
pub struct Room {
    pub title: &'static str,
    pub href: &'static str,
}

/// The rooms under one heading; the first ones have none.
pub struct Wing {
    pub heading: Option<&'static str>,
    pub rooms: &'static [Room],
}

/// One column and one question.
#[must_use]
pub fn door(title: &str, content: &Markup) -> Markup {
    at_the_door(title, "", content)
}

/// The same with room for what has to be read or copied.
#[must_use]
pub fn roomy_door(title: &str, content: &Markup) -> Markup {
    at_the_door(title, "roomy", content)
}

fn at_the_door(title: &str, class: &str, content: &Markup) -> Markup {
    document(
        title,
        &html! {
            div class="door" {
                main class=[(!class.is_empty()).then_some(class)] {
                    (mark("/start"))
                    (content)
                }
            }
        },
    )
}

/// A page of the portal.
#[must_use]
pub fn portal(title: &str, bar: &Bar<'_>, work: &Markup) -> Markup {
    document(
        title,
        &html! {
            (skip())
            (bar_on_top(bar))
            main class="work narrow" id="work" { (work) }
        },
    )
}

/// A page of the console; `here` is the path of the room.
#[must_use]
pub fn console(title: &str, bar: &Bar<'_>, wings: &[&Wing], here: &str, work: &Markup) -> Markup {
    document(
        title,
        &html! {
            (skip())
            (bar_on_top(bar))
            div class="frame" {
                nav class="rooms" aria-label="Console" {
                    @for wing in wings {
                        @if let Some(heading) = wing.heading { h2 { (heading) } }
                        @for room in wing.rooms {
                            a href=(room.href) aria-current=[(room.href == here).then_some("page")] { (room.title) }
                        }
                    }
                }
                main class="work" id="work" { (work) }
            }
        },
    )
}

/// The title of a page, a line about it, and its one action.
#[must_use]
pub fn head(title: &str, line: &Markup, action: &Markup) -> Markup {
    html! {
        div class="head" {
            div { h1 { (title) } p class="soft" { (line) } }
            (action)
        }
    }
}

fn document(title: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Portico" }
                link rel="icon" type="image/svg+xml" href=(MARK.path);
                link rel="stylesheet" href=(STYLE.path);
                script src=(SCRIPT.path) defer {}
            }
            body { (body) }
        }
    }
}

fn skip() -> Markup {
    html! { a class="skip" href="#work" { "Skip to content" } }
}

fn bar_on_top(bar: &Bar<'_>) -> Markup {
    html! {
        header class="bar" {
            (mark(bar.home))
            div class="about" { (cut("place", bar.place)) (cut("who", bar.who)) }
            @if let Some((title, href)) = bar.way { a class="keep" href=(href) { (title) } }
            form method="post" action=(bar.sign_out) {
                (hidden(bar.sign_out_token, []))
                button class="link" { (bar.leave) }
            }
        }
    }
}

/// A text that may be too long for its place: then the end is left out, and the whole is a title.
fn cut(class: &str, text: &str) -> Markup {
    html! { @if !text.is_empty() { span class={ (class) " soft" } title=(text) { (text) } } }
}

fn mark(home: &str) -> Markup {
    html! {
        a class="mark" href=(home) {
            svg viewBox="0 0 24 24" aria-hidden="true" {
                path d="M2 3h20v4H2zM4 9h4v10H4zM16 9h4v10h-4zM2 20h20v2H2z" {}
            }
            "Portico"
        }
    }
}
