//! A browser of a person who is signed in.

use std::collections::BTreeMap;

use kernel::{RequestInfo, upkeep};
use protocol::form::write_pairs;
use testing::center::{Center, for_user};
use web::{Page, PageRequest, Site};

/// Browser with the cookies of a person.
pub struct Browser<'c> {
    center: &'c Center,
    cookies: Vec<(String, String)>,
}

impl<'c> Browser<'c> {
    /// Signs Alice in and opens the console of her role `Console`, which allows `actions`.
    pub fn of_console(center: &'c Center, actions: &[&str]) -> Self {
        let (alice, session) = center.bench.create_person("alice");
        let set = center.create_set_of("Console", actions);
        center.assign(&for_user(&set, alice.as_str()));
        let cookie = ("portico-session-8080".to_owned(), session.cookie.reveal().to_owned());
        let mut browser = Self { center, cookies: vec![cookie] };
        let portal = browser.open("/start");
        let page = browser.submit("/start/console", &hidden_fields(&portal, "/start/console"));
        assert_eq!(page.header("location"), Some("/console"), "{}", page.body);
        browser
    }

    /// Opens a page as a click on a page of the same site does.
    pub fn open(&mut self, target: &str) -> Page {
        self.send("GET", target, "")
    }

    /// Sends a form of a page of the same site.
    pub fn submit(&mut self, path: &str, fields: &[(String, String)]) -> Page {
        let pairs = fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        self.send("POST", path, &write_pairs(pairs))
    }

    fn send(&mut self, method: &str, target: &str, body: &str) -> Page {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let portico = &self.center.bench.portico;
        let info = RequestInfo::own(&*portico.random);
        let request = PageRequest {
            method,
            path,
            query,
            host: Some("localhost:8080"),
            cookies: &cookies.join("; "),
            fetch_site: Some("same-origin"),
            is_address_known: true,
            body: body.as_bytes(),
            info: &info,
        };
        let site = Site { form_key: [1; 32], console_key: [2; 32] };
        let page = web::handle(portico, &site, &request);
        for (_, header) in page.headers.iter().filter(|(name, _)| *name == "set-cookie") {
            let (name, rest) = header.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.retain(|(kept, _)| kept != name);
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
        page
    }

    /// Drops a cookie.
    pub fn forget(&mut self, name: &str) {
        self.cookies.retain(|(kept, _)| kept != name);
    }

    /// Opens a page and returns it with the events that it left, by action.
    pub fn open_counted(&mut self, target: &str) -> (Page, Vec<String>) {
        let before = self.events();
        let page = self.open(target);
        let mut after = self.events();
        after.retain(|id, _| !before.contains_key(id));
        let mut events: Vec<String> = after.into_values().collect();
        events.sort();
        (page, events)
    }

    /// All events so far, by id: the action, and a `!` after a refusal.
    fn events(&self) -> BTreeMap<String, String> {
        let bench = &self.center.bench;
        upkeep::flush_journal(&bench.portico).unwrap();
        let mark = |is_refusal| if is_refusal { "!" } else { "" };
        let events = bench.log().into_iter();
        let named = events
            .map(|event| (event.id, format!("{}{}", event.action, mark(event.error.is_some()))));
        named.collect()
    }
}

/// The hidden fields of the first form of a page that is sent to `action`.
pub fn hidden_fields(page: &Page, action: &str) -> Vec<(String, String)> {
    let (_, form) = page.body.split_once(&format!("action=\"{action}\"")).unwrap();
    let form = form.split("</form>").next().unwrap();
    let fields = form.split("type=\"hidden\" name=\"").skip(1);
    let fields = fields.map(|field| field.split_once("\" value=\"").unwrap());
    fields
        .map(|(name, rest)| (name.to_owned(), rest.split('"').next().unwrap().to_owned()))
        .collect()
}
