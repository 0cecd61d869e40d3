//! The table of pages, and what happens around every one of them.

use model::Fault;
use protocol::form::write_pairs;
use service::Portico;

use crate::detour::{Answer, Detour};
use crate::visit::Visit;
use crate::{
    Page, PageRequest, Site, access_keys, assets, authorize, console, device, new_password,
    open_console, portal, problem, setup, sign_in, signed_out,
};

type Handler = fn(&Visit<'_>) -> Answer;

/// A page: what GET shows and what POST does.
struct Route {
    path: &'static str,
    get: Option<Handler>,
    post: Option<Handler>,
    /// Where a person goes on when the form of this page was out of date.
    again: &'static str,
}

/// Every page.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    Route { path: "/", get: Some(|_| Ok(Page::redirect("/start"))), post: None, again: "/start" },
    Route { path: "/authorize", get: Some(authorize::show), post: Some(authorize::submit), again: "/start" },
    Route { path: "/console", get: Some(console::home::show), post: None, again: "/console" },
    Route { path: "/console/accounts", get: Some(console::accounts::show), post: None, again: "/console" },
    Route { path: "/console/assignments", get: Some(console::assignments::show), post: None, again: "/console" },
    Route { path: "/console/groups", get: Some(console::groups::show), post: None, again: "/console" },
    Route { path: "/console/instance", get: Some(console::instance::show), post: None, again: "/console" },
    Route { path: "/console/permission-sets", get: Some(console::permission_sets::show), post: None, again: "/console" },
    Route { path: "/console/sign-out", get: None, post: Some(console::sign_out), again: "/console" },
    Route { path: "/console/users", get: Some(console::users::show), post: None, again: "/console" },
    Route { path: "/device", get: Some(device::show), post: Some(device::submit), again: "/device" },
    Route { path: "/device/consent", get: None, post: Some(device::submit_consent), again: "/device" },
    Route { path: "/setup", get: Some(setup::show_welcome), post: Some(setup::submit_welcome), again: "/setup" },
    Route { path: "/setup/enable", get: Some(setup::show_enable), post: Some(setup::submit_enable), again: "/setup/enable" },
    Route { path: "/setup/next", get: Some(setup::show_next), post: None, again: "/setup/next" },
    Route { path: "/sign-in", get: Some(sign_in::show), post: Some(sign_in::submit), again: "/sign-in" },
    Route { path: "/sign-in/new-password", get: None, post: Some(new_password::submit), again: "/sign-in" },
    Route { path: "/sign-out", get: None, post: Some(sign_in::submit_sign_out), again: "/start" },
    Route { path: "/signed-out", get: Some(|_| Ok(Page::html(200, signed_out::render()))), post: None, again: "/sign-in" },
    Route { path: "/start", get: Some(portal::show), post: None, again: "/start" },
    Route { path: "/start/access-keys", get: Some(access_keys::show), post: Some(access_keys::submit), again: "/start" },
    Route { path: "/start/console", get: Some(open_console::show), post: Some(open_console::submit), again: "/start" },
];

/// Whether a request for this path is for a page, rather than for an API.
#[must_use]
pub fn is_page(path: &str) -> bool {
    find(path).is_some()
}

fn find(path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.path == path)
}

pub(crate) fn answer(portico: &Portico, site: &Site, request: &PageRequest<'_>) -> Page {
    let reads = matches!(request.method, "GET" | "HEAD");
    if reads && let Some(file) = assets::serve(request.path) {
        return file;
    }
    let Some(route) = find(request.path) else { return problem::not_found() };
    let handler = match request.method {
        "GET" | "HEAD" => route.get,
        "POST" => route.post,
        _ => None,
    };
    let Some(handler) = handler else { return problem::wrong_method(allowed(route)) };
    let visit = match Visit::new(portico, site, request) {
        Ok(visit) => visit,
        Err(fault) => return fault_page(&fault, request),
    };
    let page = handler(&visit).unwrap_or_else(|detour| instead(&detour, &visit, route));
    visit.leave(page)
}

fn allowed(route: &Route) -> &'static str {
    match (route.get.is_some(), route.post.is_some()) {
        (true, true) => "GET, HEAD, POST",
        (true, false) => "GET, HEAD",
        (false, _) => "POST",
    }
}

/// What comes in place of the page.
fn instead(detour: &Detour, visit: &Visit<'_>, route: &Route) -> Page {
    let request = visit.request;
    match detour {
        Detour::SignIn | Detour::Fault(Fault::NoSession) => {
            let here = if request.method == "POST" {
                route.again.to_owned()
            } else if request.query.is_empty() {
                request.path.to_owned()
            } else {
                format!("{}?{}", request.path, request.query)
            };
            let sign_in = format!("/sign-in?{}", write_pairs([("return_to", here.as_str())]));
            if request.method == "POST" {
                problem::session_ended(&sign_in)
            } else {
                Page::redirect(sign_in)
            }
        }
        Detour::OpenConsole => problem::console_closed(),
        Detour::StaleForm => problem::stale_form(route.again),
        Detour::Fault(fault) => fault_page(fault, request),
    }
}

fn fault_page(fault: &Fault, request: &PageRequest<'_>) -> Page {
    problem::fault(fault, &request.info.id.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_has_one_line_and_a_way_back_that_is_a_page() {
        for route in ROUTES {
            assert_eq!(ROUTES.iter().filter(|other| other.path == route.path).count(), 1);
            assert!(route.get.is_some() || route.post.is_some(), "{}", route.path);
            let (again, _) = route.again.split_once('?').unwrap_or((route.again, ""));
            assert!(find(again).is_some_and(|page| page.get.is_some()), "{}", route.path);
        }
    }
}
