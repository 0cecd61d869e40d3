//! The table of pages, and what happens around every one of them.

use model::Fault;
use service::Portico;

use crate::detour::{Answer, Detour};
use crate::visit::Visit;
use crate::{
    Page, PageRequest, Site, access_keys, assets, authorize, console, device, new_password,
    open_console, portal, problem, return_path, setup, sign_in, signed_out,
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
    page("/", |_| Ok(Page::redirect("/start"))),
    form("/authorize", Some(authorize::show), authorize::submit, "/start"),
    page("/console", console::home::show),
    page("/console/accounts", console::accounts::show),
    page("/console/closed", |_| Ok(problem::console_left())),
    page("/console/assignments", console::assignments::show),
    page("/console/groups", console::groups::show),
    page("/console/instance", console::instance::show),
    page("/console/permission-sets", console::permission_sets::show),
    form("/console/sign-out", None, console::sign_out, "/console"),
    page("/console/users", console::users::show),
    form("/device", Some(device::show), device::submit, "/device"),
    form("/device/consent", None, device::submit_consent, "/device"),
    form("/setup", Some(setup::show_welcome), setup::submit_welcome, "/setup"),
    form("/setup/enable", Some(setup::show_enable), setup::submit_enable, "/setup/enable"),
    page("/setup/next", setup::show_next),
    form("/sign-in", Some(sign_in::show), sign_in::submit, "/sign-in"),
    form("/sign-in/new-password", None, new_password::submit, "/sign-in"),
    form("/sign-out", None, signed_out::submit, "/start"),
    page("/signed-out", |_| Ok(Page::html(200, signed_out::render()))),
    page("/start", portal::show),
    page("/start/", portal::show),
    form("/start/access-keys", Some(access_keys::show), access_keys::submit, "/start"),
    form("/start/console", Some(open_console::show), open_console::submit, "/start"),
];

/// A page that is only shown.
const fn page(path: &'static str, show: Handler) -> Route {
    Route { path, get: Some(show), post: None, again: path }
}

/// A form, and the page that it is on, if it is one of its own.
const fn form(
    path: &'static str,
    show: Option<Handler>,
    submit: Handler,
    again: &'static str,
) -> Route {
    Route { path, get: show, post: Some(submit), again }
}

/// Whether a request for this path is for a page, rather than for an API.
#[must_use]
pub fn is_page(path: &str) -> bool {
    find(path).is_some()
}

/// The paths of all pages that are shown on GET.
pub fn shown_pages() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().filter(|route| route.get.is_some()).map(|route| route.path)
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
    let (public_url, host) = (&portico.settings.public_url, request.host.unwrap_or_default());
    // Fetch Metadata: who says nothing of it is a program, which goes where it likes.
    if request.method == "GET"
        && request.fetch_site.is_some()
        && let Some(page) = by_the_right_name(public_url, host, request.path, request.query)
    {
        return page;
    }
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

/// The way to the same page under the public name of the loopback.
///
/// Command lines send browsers to the number that they call themselves; the cookies of people are
/// kept under the name, and a passkey will be good for the name alone.
fn by_the_right_name(public_url: &str, host: &str, path: &str, query: &str) -> Option<Page> {
    let port = public_url.strip_prefix("http://localhost")?;
    let is_port = port.is_empty() || port.starts_with(':');
    let number = host.strip_suffix(port).filter(|_| is_port)?;
    if !matches!(number, "127.0.0.1" | "[::1]") {
        return None;
    }
    let joint = if query.is_empty() { "" } else { "?" };
    Some(Page::redirect(format!("{public_url}{path}{joint}{query}")))
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
            let sign_in = return_path::to_sign_in(&here);
            if request.method == "POST" {
                problem::session_ended(&sign_in)
            } else {
                Page::redirect(sign_in)
            }
        }
        Detour::OpenConsole => problem::console_closed(),
        Detour::StaleForm => problem::stale_form(route.again),
        // A list goes on for as long as it is the same list.
        Detour::Fault(Fault::Invalid { field, .. }) if is_paging(field) => {
            problem::stale_list(&first_page(request))
        }
        Detour::Fault(fault) => fault_page(fault, request),
    }
}

fn fault_page(fault: &Fault, request: &PageRequest<'_>) -> Page {
    let is_console = request.path == "/console" || request.path.starts_with("/console/");
    let way = if is_console { problem::TO_HOME } else { problem::TO_PORTAL };
    problem::fault_leading_to(way, fault, &request.info.id.to_string())
}

fn is_paging(field: &str) -> bool {
    matches!(field, "next" | "NextToken")
}

/// The start of the list of which a page was asked for.
fn first_page(request: &PageRequest<'_>) -> String {
    let pairs = request.query.split('&').filter(|pair| !pair.starts_with("next="));
    let query = pairs.collect::<Vec<_>>().join("&");
    let joint = if query.is_empty() { "" } else { "?" };
    format!("{}{joint}{query}", request.path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_that_came_by_number_is_led_to_the_name() {
        let led = |public_url: &str, host: &str| {
            let page = by_the_right_name(public_url, host, "/authorize", "a=b&c")?;
            page.header("location").map(str::to_owned)
        };
        let name = "http://localhost:8080";
        assert_eq!(
            led(name, "127.0.0.1:8080").as_deref(),
            Some("http://localhost:8080/authorize?a=b&c")
        );
        assert!(led(name, "[::1]:8080").is_some());
        assert_eq!(led(name, "localhost:8080"), None);
        assert_eq!(led(name, "127.0.0.1:9090"), None);
        assert_eq!(led("https://sso.example.com", "127.0.0.1"), None);
        assert_eq!(led("http://localhost.example.com", "127.0.0.1.example.com"), None);
    }

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
