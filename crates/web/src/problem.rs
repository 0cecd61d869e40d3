//! Pages for faults: what happened, and the next step.

use maud::{Markup, PreEscaped, html};
use model::Fault;
use protocol::sentence;

use crate::page::Page;
use crate::parts::frame::column;
use crate::parts::when::waiting;
use crate::sample::Samples;

/// View of a page about a fault.
pub struct Problem<'a> {
    pub title: &'a str,
    /// Whole sentences: what happened, and what to do.
    pub words: &'a str,
    /// Title and path of the next step.
    pub way: (&'a str, &'a str),
    /// Identifies the request in the log.
    pub request_id: Option<&'a str>,
}

/// Title and path of the next step.
pub(crate) type NextStep = (&'static str, &'static str);

pub(crate) const TO_PORTAL: NextStep = ("Go to the access portal", "/start");
pub(crate) const TO_HOME: NextStep = ("Go to the account home", "/console");

pub(crate) fn samples() -> Samples {
    let page = fault(&Fault::broken("sample"), "5b0c1a52-9f1f-4d4e-8a51-0d7f5a3c2e11");
    vec![("problem", PreEscaped(page.body.into_owned()))]
}

/// Renders the page.
#[must_use]
pub fn render(problem: &Problem<'_>) -> Markup {
    let (way, path) = problem.way;
    column(
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

/// Answers a path that is not a page.
pub(crate) fn not_found() -> Page {
    let words =
        "There is no page at this address. It may have been mistyped, or the page has moved.";
    simple(404, "Page not found", words)
}

/// Answers a method that the page does not take.
pub(crate) fn wrong_method(allowed: &'static str) -> Page {
    let words = "It only takes what a form on another page sends. Nothing was changed.";
    simple(405, "This page has no address of its own", words).with("allow", allowed)
}

/// Answers a new password whose one-time password or link was used before.
pub(crate) fn ticket_over() -> Page {
    let words = "The page was open for too long, or the password was set already. If you know your \
        password, sign in. If you came by a link, open it again. Otherwise ask your administrator for another \
        one-time password.";
    let (title, way) = ("This page is out of date", ("Sign in", "/sign-in"));
    Page::html(403, render(&Problem { title, words, way, request_id: None }))
}

/// Answers the last of several new passwords that were former ones. `words` are whole sentences.
pub(crate) fn choices_over(words: &str) -> Page {
    let (title, way) = ("No new password was set", ("Go back to sign-in", "/sign-in"));
    Page::html(409, render(&Problem { title, words, way, request_id: None }))
}

/// Answers a link for a password that is not good. Used, expired, replaced, mistyped and missing look the same.
pub(crate) fn void_password_link() -> Page {
    let words = "It was used already, has expired, was replaced by a newer one, or is not complete. If you have chosen a \
        password, sign in with it. If not, ask your administrator for another invitation. Nothing was changed.";
    let (title, way) = ("This link is not good any more", ("Sign in", "/sign-in"));
    Page::html(403, render(&Problem { title, words, way, request_id: None }))
}

/// Answers a link that asks about an address, and is not good.
pub(crate) fn void_email_link() -> Page {
    let words = "It is older than seven days, asks about another address than yours is now, or asks another person than \
        the one who is signed in. Nothing was changed.";
    simple(403, "This link is not good any more", words)
}

/// Shows the page after "Confirm address".
pub(crate) fn email_verified() -> Page {
    simple(200, "Your address is confirmed", "There is nothing more to do here.")
}

/// Answers a step of the sign-in after its time.
pub(crate) fn second_step_over() -> Page {
    let words = "The page was open for too long, or something was changed meanwhile: your password, your second factor, \
        or what your organisation asks for. Nothing was changed. Sign in again.";
    let (title, way) = ("This page is out of date", ("Sign in", "/sign-in"));
    Page::html(403, render(&Problem { title, words, way, request_id: None }))
}

/// Answers a person with the right password who may not go on without a second factor.
pub(crate) fn no_second_factor() -> Page {
    let words = "Your password is right. But your organisation lets in only people with a second factor, you have none \
        that it accepts, and none can be set up here. Ask your administrator to set one up with you, or to let you \
        register one.";
    let (title, way) = ("You need a second factor", ("Go back to sign-in", "/sign-in"));
    Page::html(403, render(&Problem { title, words, way, request_id: None }))
}

/// Answers a person to whom no further code is sent. `limit` is a whole sentence.
pub(crate) fn no_more_mail(limit: &str) -> Page {
    let words = format!(
        "No code was sent. {limit} Look into your mail for the last one, or sign in again in an hour."
    );
    let (title, way) = ("Too many messages", ("Go back to sign-in", "/sign-in"));
    Page::html(429, render(&Problem { title, words: &words, way, request_id: None }))
}

/// Answers the set-up page without the secret of a good link. Used, expired, replaced, mistyped and missing look the
/// same.
pub(crate) fn void_link() -> Page {
    let words = "It was used already, is more than a day old, was replaced by a newer one, or is not \
        complete. Whoever runs the server makes a new one on its host with “portico admin setup-link”. \
        Nothing was changed.";
    simple(403, "This set-up link is void", words)
}

/// Answers the sign-in page of a server without an instance.
pub(crate) fn not_set_up() -> Page {
    let words = "There is no identity center on this server yet, so nobody can sign in. Whoever runs \
        the server enables it with the set-up link that the first start made; “portico admin \
        setup-link” makes a new one.";
    let (title, way) = ("This server is not set up yet", ("Open this page again", "/sign-in"));
    Page::html(503, render(&Problem { title, words, way, request_id: None }))
}

/// Answers a browser that a client sent here with a wrong request.
pub(crate) fn bad_request_of_client(fault: &Fault) -> Page {
    let words = format!(
        "The program that opened this page asked in a way that cannot be answered, so nothing was \
        allowed. Start again in the program; if that does not help, tell its makers: {}",
        sentence(fault)
    );
    simple(400, "The program's request is not complete", &words)
}

/// Answers a token of another list or another server.
pub(crate) fn stale_list(first_page: &str) -> Page {
    let words =
        "The address of this page of the list is not good any more. The list is still there.";
    let way = ("Go to its first page", first_page);
    let problem = Problem { title: "This page is out of date", words, way, request_id: None };
    Page::html(400, render(&problem))
}

/// Says that there were too many attempts, and when to try again.
pub(crate) fn too_many(retry_after_seconds: u64) -> String {
    format!(
        "There were too many attempts, so this one was not looked at. Try again in {}.",
        waiting(retry_after_seconds)
    )
}

/// Answers a form without the token of this session.
pub(crate) fn stale_form(way: &str) -> Page {
    let words = "The page that you sent was open for too long, or you have signed in or out since. \
        Nothing was changed. Open it again and repeat what you did.";
    let way = ("Open the page again", way);
    let problem = Problem { title: "This page is out of date", words, way, request_id: None };
    Page::html(403, render(&problem))
}

/// Answers a form that was sent after the session had ended.
pub(crate) fn session_ended(way: &str) -> Page {
    let words = "You have been signed out, or your session came to its end. Nothing was changed. \
        Sign in and repeat what you did.";
    let way = ("Sign in", way);
    let problem = Problem { title: "Your session has ended", words, way, request_id: None };
    Page::html(403, render(&problem))
}

/// Answers a page of the console without a role.
pub(crate) fn console_closed() -> Page {
    let words = "The role that you had opened has come to its end, or you closed it. \
        Open the console again from the access portal.";
    simple(403, "The console is closed", words)
}

/// Shows the page after "Close console".
pub(crate) fn console_left() -> Page {
    let words = "This browser has forgotten the keys of the role. You may close this window.";
    simple(200, "The console is closed", words)
}

/// Answers a fault that the page itself does not show.
#[must_use]
pub fn fault(fault: &Fault, request_id: &str) -> Page {
    fault_leading_to(TO_PORTAL, fault, request_id)
}

/// Answers a fault that the page itself does not show, with this next step.
pub(crate) fn fault_leading_to(way: NextStep, fault: &Fault, request_id: &str) -> Page {
    let words = sentence(fault);
    let simple = |status, title, words: &str| {
        Page::html(status, render(&Problem { title, words, way, request_id: None }))
    };
    match fault {
        Fault::UnknownOperation { .. } | Fault::NotFound { .. } => simple(404, "Not found", &words),
        Fault::TooLarge { .. } => simple(413, "Too much was sent", &words),
        Fault::Unreadable { .. }
        | Fault::Invalid { .. }
        | Fault::OAuth(_)
        | Fault::Unsupported { .. } => {
            let words = format!("What was sent cannot be used, and nothing was changed. {words}");
            simple(400, "This cannot be done", &words)
        }
        Fault::Unsigned
        | Fault::UnknownKey
        | Fault::ExpiredKey
        | Fault::RevokedKey
        | Fault::BadSignature { .. }
        | Fault::NoSession => session_ended("/start"),
        Fault::Denied(_) | Fault::NotAdmitted { .. } => simple(403, "Not allowed", &words),
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
            let words = too_many(*retry_after_seconds);
            let page = simple(429, "Too many attempts", &words);
            page.with("retry-after", retry_after_seconds.to_string())
        }
        Fault::Contended | Fault::Busy => {
            let words = "Many people are doing this at the same moment. Nothing was changed. \
                Wait a few seconds and try again.";
            simple(503, "Try again in a moment", words).with("retry-after", "2")
        }
        Fault::Unavailable(_) => {
            let words = "The server cannot reach its database at the moment. If you have just changed something, \
                look whether it was kept before you do it again. Wait a few seconds and try again.";
            simple(503, "Try again in a moment", words).with("retry-after", "2")
        }
        Fault::Broken(_) => {
            let words = "This is a fault of the server, not yours. It was written to the log. \
                Try again; if it stays, give your administrator this request ID.";
            let title = "Something went wrong";
            let request_id = Some(request_id);
            Page::html(500, render(&Problem { title, words, way, request_id }))
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
        assert!(page.body.contains("Try again in 2 minutes."));
    }
}
