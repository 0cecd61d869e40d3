//! Pages for what went wrong: what it is, and the way on.

use maud::{Markup, html};
use model::Fault;
use protocol::words::sentence;

use crate::page::Page;
use crate::parts::frame::door;
use crate::parts::when::lasting;

/// Something that went wrong, as a page says it.
pub struct Problem<'a> {
    pub title: &'a str,
    /// Whole sentences: what happened, and what to do.
    pub words: &'a str,
    /// The next step: a title and a path.
    pub way: (&'a str, &'a str),
    /// For whoever looks into the logs.
    pub request_id: Option<&'a str>,
}

const TO_PORTAL: (&str, &str) = ("Go to the access portal", "/start");

/// The page.
#[must_use]
pub fn render(problem: &Problem<'_>) -> Markup {
    let (way, path) = problem.way;
    door(
        problem.title,
        &html! {
            div class="panel" {
                h1 { (problem.title) }
                p { (problem.words) }
                @if let Some(id) = problem.request_id {
                    dl class="facts" { div { dt { "Request ID" } dd class="mono" { (id) } } }
                }
                div class="actions" { a class="button" href=(path) { (way) } }
            }
        },
    )
}

/// No such page.
pub(crate) fn not_found() -> Page {
    let words =
        "There is no page at this address. It may have been mistyped, or the page has moved.";
    simple(404, "Page not found", words)
}

/// The page is there, and is not to be asked in this way.
pub(crate) fn wrong_method(allowed: &'static str) -> Page {
    let words =
        "This address only takes the form of the page before it. Go back and send it again.";
    simple(405, "This page cannot be opened so", words).with("allow", allowed)
}

/// A new password for a one-time password that is spent.
pub(crate) fn ticket_over() -> Page {
    let words = "The page was open for too long, or the password was set already. If you know your \
        password, sign in; if not, ask your administrator for another one-time password.";
    let (title, way) = ("This page is out of date", ("Sign in", "/sign-in"));
    Page::html(403, render(&Problem { title, words, way, request_id: None }))
}

/// The set-up page without the secret of a link.
pub(crate) fn no_link() -> Page {
    let words = "The address is not complete. Copy the whole set-up link that the server printed \
        when it started for the first time.";
    simple(400, "The link is not complete", words)
}

/// A form without the token of this session.
pub(crate) fn stale_form(way: &str) -> Page {
    let words = "The page that you sent was open for too long, or you have signed in or out since. \
        Nothing was changed. Open it again and repeat what you did.";
    let way = ("Open the page again", way);
    let problem = Problem { title: "This page is out of date", words, way, request_id: None };
    Page::html(403, render(&problem))
}

/// A form that was sent after the session had ended.
pub(crate) fn session_ended(way: &str) -> Page {
    let words = "You have been signed out, or your session came to its end. Nothing was changed. \
        Sign in and repeat what you did.";
    let way = ("Sign in", way);
    let problem = Problem { title: "Your session has ended", words, way, request_id: None };
    Page::html(403, render(&problem))
}

/// A page of the console, asked for without a role.
pub(crate) fn console_closed() -> Page {
    let words = "The role that you had opened has come to its end, or you signed out of it. \
        Open the console again from the access portal.";
    simple(403, "The console is closed", words)
}

/// Anything that an operation refused and that its own page has no place for.
#[must_use]
pub fn fault(fault: &Fault, request_id: &str) -> Page {
    let words = sentence(fault);
    match fault {
        Fault::UnknownOperation | Fault::NotFound { .. } => simple(404, "Not found", &words),
        Fault::TooLarge { .. } => simple(413, "Too much was sent", &words),
        Fault::Unreadable { .. }
        | Fault::Invalid { .. }
        | Fault::OAuth(_)
        | Fault::Unsupported { .. } => simple(400, "This cannot be done", &words),
        Fault::Unsigned
        | Fault::UnknownKey
        | Fault::ExpiredKey
        | Fault::RevokedKey
        | Fault::BadSignature { .. }
        | Fault::NoSession => session_ended("/start"),
        Fault::Denied(_) => simple(403, "Not allowed", &words),
        Fault::NoAccess => {
            let words = "You do not have this role in this account any more. \
                The portal shows the roles that you have.";
            simple(403, "No access", words)
        }
        Fault::NotUnique { .. }
        | Fault::Conflict { .. }
        | Fault::StaleRevision
        | Fault::Quota { .. } => simple(409, "This cannot be done now", &words),
        Fault::Throttled { retry_after_seconds } => {
            let seconds = *retry_after_seconds;
            let wait = lasting(i64::try_from(seconds).unwrap_or(i64::MAX));
            let words = format!(
                "There were too many attempts, so this one was not looked at. Try again in {wait}."
            );
            simple(429, "Too many attempts", &words).with("retry-after", seconds.to_string())
        }
        Fault::Contended | Fault::Busy => {
            let words = "Many people are doing this at the same moment. Nothing was changed. \
                Wait a few seconds and try again.";
            simple(503, "Try again in a moment", words).with("retry-after", "2")
        }
        Fault::Broken(_) => {
            let words = "This is a fault of the server, not yours. It was written to the log. \
                Try again; if it stays, give your administrator this request ID.";
            let title = "Something went wrong";
            let request_id = Some(request_id);
            Page::html(500, render(&Problem { title, words, way: TO_PORTAL, request_id }))
        }
    }
}

fn simple(status: u16, title: &str, words: &str) -> Page {
    Page::html(status, render(&Problem { title, words, way: TO_PORTAL, request_id: None }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inside_of_a_bug_stays_inside() {
        let page = fault(&Fault::broken("disk /dev/sda1 is full"), "1-2-3");
        assert_eq!(page.status, 500);
        assert!(page.body.contains("1-2-3") && !page.body.contains("sda1"));
    }

    #[test]
    fn who_has_to_wait_is_told_how_long() {
        let page = fault(&Fault::Throttled { retry_after_seconds: 90 }, "1");
        assert_eq!((page.status, page.header("retry-after")), (429, Some("90")));
        assert!(page.body.contains("Try again in 1 minute."));
    }
}
