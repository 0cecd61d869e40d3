//! The frame around a page: the document, the bar, the navigation of the console, the single column.

use maud::{DOCTYPE, Markup, html};
use portal::describe_portal::PortalReply;

use super::hidden;
use crate::assets::{MARK, SCRIPT, STYLE};
use crate::sample::{TOKEN, USER_NAME};

/// Bar on top of a page: the account, the person, and the button to leave.
pub struct Bar<'a> {
    /// Path that the mark links to.
    pub home: &'a str,
    /// Name of the organisation or the account.
    pub place: &'a str,
    pub who: &'a str,
    /// Title and path of a link to another part of the site.
    pub way: Option<(&'a str, &'a str)>,
    /// Title of the button to leave.
    pub leave: &'a str,
    /// Path that the form to leave is sent to.
    pub sign_out: &'a str,
    /// Token of that form.
    pub sign_out_token: &'a str,
}

impl<'a> Bar<'a> {
    /// Makes the bar of the portal's pages.
    #[must_use]
    pub fn of_portal(portal: &'a PortalReply, sign_out_token: &'a str) -> Self {
        Self {
            home: "/start",
            place: portal.instance_name.as_deref().unwrap_or_default(),
            who: &portal.user_name,
            way: Some(("My security", "/security")),
            leave: "Sign out",
            sign_out: "/sign-out",
            sign_out_token,
        }
    }

    pub(crate) fn sample_of_portal() -> Self {
        Self {
            home: "/start",
            place: "Northwind Rail",
            who: USER_NAME,
            way: Some(("My security", "/security")),
            leave: "Sign out",
            sign_out: "/sign-out",
            sign_out_token: TOKEN,
        }
    }
}

/// Link of the console's navigation.
pub struct NavLink {
    pub title: &'static str,
    pub href: &'static str,
}

/// Links of the console's navigation under one heading. The first section has no heading.
pub struct NavSection {
    pub heading: Option<&'static str>,
    pub links: &'static [NavLink],
}

/// Renders a page of one column with one question.
#[must_use]
pub fn column(title: &str, content: &Markup) -> Markup {
    in_column(title, "", content)
}

/// Renders a page of one wide column, for text that has to be read or copied.
#[must_use]
pub fn wide_column(title: &str, content: &Markup) -> Markup {
    in_column(title, "roomy", content)
}

fn in_column(title: &str, class: &str, content: &Markup) -> Markup {
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

/// Renders a page of the portal.
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

/// Renders a page of the console; `here` is the path of its navigation link.
#[must_use]
pub fn console(
    title: &str,
    bar: &Bar<'_>,
    sections: &[&NavSection],
    here: &str,
    work: &Markup,
) -> Markup {
    document(
        title,
        &html! {
            (skip())
            (bar_on_top(bar))
            div class="frame" {
                nav class="rooms" aria-label="Console" {
                    @for section in sections {
                        @if let Some(heading) = section.heading { h2 { (heading) } }
                        @for link in section.links {
                            a href=(link.href) aria-current=[(link.href == here).then_some("page")] { (link.title) }
                        }
                    }
                }
                main class="work" id="work" { (work) }
            }
        },
    )
}

/// Renders the title of a page, a line about it, and its action.
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
                // INVARIANT: it stands before all text that people wrote, because it gets the nonce.
                link rel="stylesheet" href=(STYLE.path);
                title { (title) " · Portico" }
                link rel="icon" type="image/svg+xml" href=(*MARK);
                // Content Security Policy Level 3 §8.4: the hash in the policy admits the file by this attribute.
                script src=(SCRIPT.path) integrity=(SCRIPT.integrity) defer {}
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

/// Renders a text that may be too long for its place. The style sheet then cuts the end off; the title
/// attribute has the whole.
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
