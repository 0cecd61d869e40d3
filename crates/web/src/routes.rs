//! The table of pages, and what surrounds every page: the method, the public name, the reasons for
//! which another page comes instead.

use kernel::Portico;
use kernel::page::BROWSER_TOKEN;
use kernel::sessions::proof::PROOF_NEEDED;
use model::Fault;

use crate::console::open::{Center, Open, in_center, in_console};
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::request::{PageRequest, Site};
use crate::request_context::RequestContext;
use crate::return_path::to_sign_in;
use crate::sample::{Samples, no_samples};
use crate::serve_asset::serve as serve_asset;
use crate::{
    access_keys, add_mfa_device, add_security_key, authorize, consent, console, device, email_code,
    email_otp, forgot_password, mfa_code, mfa_devices, new_password, open_console, portal, problem,
    prove_identity, register_mfa, security, security_key, security_password, security_sign_ins,
    set_password, setup, sign_in, signed_out, verify_email,
};

/// Row of the table: what GET shows and what POST does at a path.
struct Route {
    path: &'static str,
    get: Option<Handler>,
    post: Option<Handler>,
    /// Path at which a person goes on when the form of this page was out of date.
    again: &'static str,
    samples: fn() -> Samples,
}

/// Handler of a page, by what it needs.
#[derive(Clone, Copy)]
enum Handler {
    /// The request.
    Plain(fn(&RequestContext<'_>) -> Answer),
    /// The console of a role.
    InConsole(fn(&Open<'_>) -> Answer),
    /// The console of a role, and the instance.
    InCenter(fn(&Center<'_>) -> Answer),
}
use Handler::{InCenter, InConsole, Plain};

/// Every page.
#[rustfmt::skip]
const ROUTES: &[Route] = &[
    page("/", Plain(|_| Ok(Page::redirect("/start"))), no_samples),
    form("/authorize", Some(Plain(authorize::show)), authorize::submit, "/start", consent::samples),
    page("/console", InConsole(console::home::show), console::home::samples),
    page("/console/accounts", InConsole(console::accounts::show), console::accounts::samples),
    page("/console/assignments", InCenter(console::assignments::show), console::assignments::samples),
    form(console::authentication::PATH, Some(InCenter(console::authentication::show)), console::authentication::submit, console::authentication::PATH, console::authentication::samples),
    page("/console/closed", Plain(|_| Ok(problem::console_left())), no_samples),
    page("/console/groups", InCenter(console::groups::show), console::groups::samples),
    page("/console/instance", InCenter(console::instance::show), console::instance::samples),
    page("/console/outbox", InCenter(console::outbox::show), console::outbox::samples),
    form(console::outbox::DELETE_PATH, None, console::outbox::submit_delete, "/console/outbox", no_samples),
    form(console::outbox::SHOW_PATH, None, console::outbox::submit_show, "/console/outbox", no_samples),
    page("/console/permission-set", InCenter(console::permission_set::show), console::permission_set::samples),
    page("/console/permission-sets", InCenter(console::permission_sets::show), console::permission_sets::samples),
    form("/console/sign-out", None, console::sign_out::submit, "/console", no_samples),
    page("/console/users", InCenter(console::users::show), console::users::samples),
    form("/device", Some(Plain(device::show)), device::submit, "/device", device::samples),
    form("/device/consent", None, device::submit_consent, "/device", device::consent_samples),
    form("/forgot-password", Some(Plain(forgot_password::show)), forgot_password::submit, "/forgot-password", forgot_password::samples),
    page("/security", Plain(security::show), security::samples),
    form(security_password::PATH, Some(Plain(security_password::show)), security_password::submit, security_password::PATH, security_password::samples),
    form(prove_identity::PATH, Some(Plain(prove_identity::show)), prove_identity::submit, "/start", prove_identity::samples),
    form(security::SESSIONS_PATH, None, security::submit, "/security", no_samples),
    page("/set-password", Plain(set_password::show), set_password::samples),
    page(security_sign_ins::PATH, Plain(security_sign_ins::show), security_sign_ins::samples),
    page("/security/devices", Plain(mfa_devices::show), mfa_devices::samples),
    form("/security/devices/add", Some(Plain(add_mfa_device::show)), add_mfa_device::submit, "/security/devices", add_mfa_device::samples),
    form("/security/devices/add-key", Some(Plain(add_security_key::show)), add_security_key::submit, "/security/devices", add_security_key::samples),
    form("/security/devices/remove", Some(Plain(mfa_devices::show_remove)), mfa_devices::submit_remove, "/security/devices", mfa_devices::remove_samples),
    form("/security/devices/rename", None, mfa_devices::submit_rename, "/security/devices", no_samples),
    form("/setup", Some(Plain(setup::show_welcome)), setup::submit_welcome, "/setup", setup::welcome_samples),
    form("/setup/enable", Some(InConsole(setup::show_enable)), setup::submit_enable, "/setup/enable", setup::enable_samples),
    page("/setup/next", InCenter(setup::show_next), setup::next_samples),
    form("/sign-in", Some(Plain(sign_in::show)), sign_in::submit, "/sign-in", sign_in::samples),
    form("/sign-in/email-code", None, email_code::submit, "/sign-in", email_code::samples),
    form("/sign-in/email-otp", Some(Plain(email_otp::show)), email_otp::submit, "/sign-in/email-otp", email_otp::ask_samples),
    form("/sign-in/email-otp/code", None, email_otp::submit_code, "/sign-in/email-otp", email_otp::code_samples),
    form("/sign-in/mfa", None, mfa_code::submit, "/sign-in", mfa_code::samples),
    form("/sign-in/new-password", None, new_password::submit, "/sign-in", new_password::samples),
    form("/sign-in/passkey", None, sign_in::submit_passkey, "/sign-in", no_samples),
    form("/sign-in/register-key", None, register_mfa::submit_key, "/sign-in", no_samples),
    form("/sign-in/register-mfa", None, register_mfa::submit, "/sign-in", register_mfa::samples),
    form("/sign-in/security-key", None, security_key::submit, "/sign-in", no_samples),
    form("/sign-out", None, signed_out::submit, "/start", no_samples),
    page("/signed-out", Plain(|_| Ok(Page::html(200, signed_out::render()))), signed_out::samples),
    page("/start", Plain(portal::show), portal::samples),
    page("/start/", Plain(portal::show), no_samples),
    form("/start/access-keys", Some(Plain(access_keys::show)), access_keys::submit, "/start", access_keys::samples),
    form(open_console::PATH, Some(Plain(open_console::show)), open_console::submit, "/start", open_console::samples),
    form("/verify-email", Some(Plain(verify_email::show)), verify_email::submit, "/verify-email", verify_email::samples),
];

/// Makes the row of a page that is only shown.
const fn page(path: &'static str, show: Handler, samples: fn() -> Samples) -> Route {
    Route { path, get: Some(show), post: None, again: path, samples }
}

/// Makes the row of a form, and of the page with the form if that has the same path.
const fn form(
    path: &'static str,
    show: Option<Handler>,
    submit: fn(&RequestContext<'_>) -> Answer,
    again: &'static str,
    samples: fn() -> Samples,
) -> Route {
    Route { path, get: show, post: Some(Plain(submit)), again, samples }
}

/// Returns the paths of all pages that GET shows.
pub fn pages() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().filter(|route| route.get.is_some()).map(|route| route.path)
}

/// Returns the paths that take a form.
pub fn forms() -> impl Iterator<Item = &'static str> {
    ROUTES.iter().filter(|route| route.post.is_some()).map(|route| route.path)
}

/// Renders the samples of all pages, each with the name of its file.
#[must_use]
pub fn samples() -> Samples {
    let of_pages = ROUTES.iter().flat_map(|route| (route.samples)());
    of_pages.chain(problem::samples()).collect()
}

/// Tells whether a request for this path is for a page, rather than for an API.
#[must_use]
pub fn is_page(path: &str) -> bool {
    find(path).is_some()
}

fn find(path: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.path == path)
}

/// Answers a browser. It never fails: a fault is a page too.
#[must_use]
pub fn answer(portico: &Portico, site: &Site, request: &PageRequest<'_>) -> Page {
    find_answer(portico, site, request).with_nonce(&*portico.random)
}

/// Answers a browser whose request could not be read.
#[must_use]
pub fn fault(portico: &Portico, site: &Site, request: &PageRequest<'_>, fault: &Fault) -> Page {
    note_refusal(portico, site, request, fault);
    problem::fault(fault, request.info.id.as_str()).with_nonce(&*portico.random)
}

fn note_refusal(portico: &Portico, site: &Site, request: &PageRequest<'_>, fault: &Fault) {
    RequestContext::without_fields(portico, site, request, is_page).note_refusal(fault);
}

/// The fault of a request for a page that is not there, or by a method that it does not have.
fn unknown(request: &PageRequest<'_>) -> Fault {
    Fault::unknown_request(request.method, request.path)
}

fn find_answer(portico: &Portico, site: &Site, request: &PageRequest<'_>) -> Page {
    let reads = matches!(request.method, "GET" | "HEAD");
    if reads && let Some(file) = serve_asset(request.path) {
        return file;
    }
    let Some(route) = find(request.path) else {
        note_refusal(portico, site, request, &unknown(request));
        return problem::not_found();
    };
    let (public_url, host) = (&portico.settings.public_url, request.host.unwrap_or_default());
    // Fetch Metadata: a client that does not send it is a program, which is not redirected.
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
    let Some(handler) = handler else {
        note_refusal(portico, site, request, &unknown(request));
        return problem::wrong_method(allowed(route));
    };
    let context = match RequestContext::new(portico, site, request, is_page) {
        Ok(context) => context,
        Err(fault) => {
            note_refusal(portico, site, request, &fault);
            return fault_page(&fault, request);
        }
    };
    let page = match handler {
        Plain(page) => page(&context),
        InConsole(page) => in_console(&context, page),
        InCenter(page) => in_center(&context, page),
    };
    let page = page.unwrap_or_else(|error| instead(&error, &context, route));
    context.leave(page)
}

/// Redirects to the page under the public name of the loopback.
///
/// Command lines send browsers to the address in numbers. Cookies are kept under the name, and a
/// passkey will be valid only for the name.
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

/// Makes the page that comes instead.
fn instead(error: &PageError, context: &RequestContext<'_>, route: &Route) -> Page {
    let request = context.request;
    match error {
        PageError::SignIn | PageError::Fault(Fault::NoSession) => {
            let here =
                if request.method == "POST" { route.again.to_owned() } else { here(request) };
            let sign_in = to_sign_in(&here);
            if request.method == "POST" {
                problem::session_ended(&sign_in)
            } else {
                Page::redirect(sign_in)
            }
        }
        PageError::Fault(Fault::NotAdmitted { must }) if must == PROOF_NEEDED => {
            let here =
                if request.method == "POST" { route.again.to_owned() } else { here(request) };
            Page::redirect(prove_identity::leading_to(&here))
        }
        PageError::OpenConsole => problem::console_closed(),
        PageError::EnableInstance => Page::redirect("/console/instance"),
        PageError::StaleForm => {
            let must = "come from a form that this server made for this session".into();
            context.note_refusal(&Fault::NotAdmitted { must });
            problem::stale_form(route.again)
        }
        // A token is valid only for the list that returned it.
        PageError::Fault(Fault::Invalid { field, .. }) if field == BROWSER_TOKEN => {
            problem::stale_list(&first_page(request))
        }
        PageError::Fault(fault) => fault_page(fault, request),
    }
}

/// Returns the address of the request.
fn here(request: &PageRequest<'_>) -> String {
    let joint = if request.query.is_empty() { "" } else { "?" };
    format!("{}{joint}{}", request.path, request.query)
}

fn fault_page(fault: &Fault, request: &PageRequest<'_>) -> Page {
    let is_console = request.path == "/console" || request.path.starts_with("/console/");
    let way = if is_console { problem::TO_HOME } else { problem::TO_PORTAL };
    problem::fault_leading_to(way, fault, &request.info.id.to_string())
}

/// Returns the address of the first page of the list.
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
