//! A browser of a person who is signed in, and the organisation of the person.

use std::collections::BTreeMap;

use kernel::{RequestInfo, upkeep};
use serde_json::{Value, json};
use testing::{ACCOUNT, Bench};
use web::{Page, PageRequest, Site};

/// Organisation with an instance, whose user `alice` has the role `Everything` or fewer rights.
pub struct Center {
    pub bench: Bench,
    pub arn: String,
}

/// Browser with the cookies of a person.
pub struct Browser<'c> {
    center: &'c Center,
    cookies: Vec<(String, String)>,
}

impl Center {
    pub fn new() -> Self {
        let bench = Bench::new();
        let arn = bench.instance().id.arn();
        Self { bench, arn }
    }

    pub fn call(&self, operation: &str, mut input: Value) -> Value {
        input["InstanceArn"] = self.arn.as_str().into();
        self.bench.call(&format!("SWBExternalService.{operation}"), &input).unwrap()
    }

    pub fn create_permission_set(&self, name: &str, actions: &[&str]) -> String {
        let made = self.call("CreatePermissionSet", json!({"Name": name}));
        let arn = made["PermissionSet"]["PermissionSetArn"].as_str().unwrap().to_owned();
        let statement = json!({"Effect": "Allow", "Action": actions, "Resource": "*"});
        let policy = json!({"Version": "2012-10-17", "Statement": statement}).to_string();
        let input = json!({"PermissionSetArn": arn, "InlinePolicy": policy});
        self.call("PutInlinePolicyToPermissionSet", input);
        arn
    }

    pub fn assign(&self, user: &str, permission_set: &str) {
        let input = json!({
            "PermissionSetArn": permission_set, "TargetType": "AWS_ACCOUNT", "TargetId": ACCOUNT,
            "PrincipalType": "USER", "PrincipalId": user,
        });
        self.call("CreateAccountAssignment", input);
        while self.bench.run_job().unwrap() {}
    }

    /// Signs Alice in and opens the console of her role, which allows `actions`.
    pub fn open_console(&self, actions: &[&str]) -> Browser<'_> {
        let (alice, session) = self.bench.create_person("alice");
        let set = self.create_permission_set("Console", actions);
        self.assign(alice.as_str(), &set);
        let cookie = ("portico-session-8080".to_owned(), session.cookie.reveal().to_owned());
        let mut browser = Browser { center: self, cookies: vec![cookie] };
        let page = browser.open(&format!("/start/console?account_id={ACCOUNT}&role_name=Console"));
        assert_eq!(page.header("location"), Some("/console"), "{}", page.body);
        browser
    }

    /// All events so far, by id: the action, and a `!` after a refusal.
    fn events(&self) -> BTreeMap<String, String> {
        upkeep::flush_journal(&self.bench.portico).unwrap();
        let mark = |is_refusal| if is_refusal { "!" } else { "" };
        let named =
            self.bench.log().into_iter().map(|event| {
                (event.id, format!("{}{}", event.action, mark(event.error.is_some())))
            });
        named.collect()
    }
}

impl Browser<'_> {
    /// Opens a page as a click on a page of the same site does.
    pub fn open(&mut self, target: &str) -> Page {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let portico = &self.center.bench.portico;
        let info = RequestInfo::own(&*portico.random);
        let request = PageRequest {
            method: "GET",
            path,
            query,
            host: Some("localhost:8080"),
            cookies: &cookies.join("; "),
            fetch_site: Some("same-origin"),
            is_prefetch: false,
            body: b"",
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
        let before = self.center.events();
        let page = self.open(target);
        let mut after = self.center.events();
        after.retain(|id, _| !before.contains_key(id));
        let mut events: Vec<String> = after.into_values().collect();
        events.sort();
        (page, events)
    }
}
