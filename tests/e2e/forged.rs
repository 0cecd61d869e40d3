//! Requests that combine valid pieces of different requests are refused.

use serde_json::json;

use crate::support::{Organization, Portico, Request, text};

/// A presigned link has the key id and the session token in its query. They do not make a cookie of
/// the console.
#[test]
fn what_stands_in_a_presigned_link_opens_no_console() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let set = organization.create_permission_set("Reader", &["s3:ListAllMyBuckets"]);
    let user = organization.create_user("alice");
    organization.assign("USER", &user, &organization.account, &set);
    let mut alice = organization.sign_in_first("alice", &user);
    let line = organization.command_line(&mut alice);
    let keys = organization.role_keys(&line, &organization.account, "Reader");

    let token = keys.session_token.as_deref().unwrap();
    let forged = [
        format!("{}.{token}", keys.id),
        format!("{}.{token}.", keys.id),
        format!("{}.{token}.{}", keys.id, "A".repeat(43)),
    ];
    for value in forged {
        let cookie = format!("portico-console-{}={value}", portico.address.port());
        for page in ["/console", "/setup/next"] {
            let answer = portico.send(&Request::get(page).header("cookie", &cookie));
            let closed = answer.text().contains(">The console is closed</h1>");
            assert!(answer.status == 403 && closed, "{answer}");
        }
    }
    let account = &organization.account;
    let page = alice.open(&format!("/start/console?account_id={account}&role_name=Reader"));
    let page = alice.press(&page, "/start/console");
    assert_eq!((page.answer.status, page.target.as_str()), (200, "/console"), "{}", page.answer);
}

/// A client that asks for no scope gets every scope, as older command lines do.
#[test]
fn who_names_no_scope_is_shown_with_what_they_get() {
    const GETS: &str = "see which accounts and roles you have";
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("alice");
    let mut alice = organization.sign_in_first("alice", &user);
    let ask = |path: &str, body| portico.send(&Request::post(path).json(&body)).ok();
    let start_url = format!("https://{}.awsapps.com/start", organization.store);

    let client = ask("/client/register", json!({ "clientName": "plain", "clientType": "public" }));
    let device = ask(
        "/device_authorization",
        json!({
            "clientId": client["clientId"], "clientSecret": client["clientSecret"],
            "startUrl": start_url,
        }),
    );
    let page = alice.open(&text(&device["verificationUriComplete"]));
    let page = alice.submit(&page, &[("user_code", &text(&device["userCode"]))]);
    page.assert_says(GETS);

    let client = ask(
        "/client/register",
        json!({
            "clientName": "local", "clientType": "public", "scopes": ["sso:account:access"],
            "grantTypes": ["authorization_code", "refresh_token"], "issuerUrl": start_url,
            "redirectUris": ["http://127.0.0.1/callback"],
        }),
    );
    for scopes in ["", "&scopes=", "&scopes=%20"] {
        let target = format!(
            "/authorize?client_id={}&redirect_uri=http%3A%2F%2F127.0.0.1%3A9%2Fcallback\
             &response_type=code&code_challenge_method=S256&code_challenge={}{scopes}",
            text(&client["clientId"]),
            "A".repeat(43),
        );
        alice.open(&target).assert_says(GETS);
    }
}
