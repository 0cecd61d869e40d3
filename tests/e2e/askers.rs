//! What a person is told of the program that asks: its name, its address, and how much of that is known.

use serde_json::json;

use crate::support::{Organization, Portico, Request};

/// The link and the code of a client that waits for an answer under this name.
fn waiting_client(organization: &Organization<'_>, client_name: &str) -> (String, String) {
    let ask = |path: &str, body| organization.portico.send(&Request::post(path).json(&body)).ok();
    let client =
        ask("/client/register", json!({ "clientName": client_name, "clientType": "public" }));
    // RFC 3986 §6.2.2.1: people copy the address in capitals too.
    let start_url = format!("HTTPS://{}.AWSAPPS.COM/start", organization.store.to_uppercase());
    let device = ask(
        "/device_authorization",
        json!({
            "clientId": client["clientId"], "clientSecret": client["clientSecret"],
            "startUrl": start_url,
        }),
    );
    let text = |name: &str| device[name].as_str().unwrap().to_owned();
    (text("verificationUriComplete"), text("userCode"))
}

#[test]
fn a_program_does_not_speak_for_portico_by_its_name() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("alice");
    let mut alice = organization.sign_in_first("alice", &user);
    let name = "Portico to renew your password. No program asks";
    let (link, code) = waiting_client(&organization, name);
    let named = format!("<dt>Calls itself</dt><dd>“<bdi>{name}</bdi>”</dd>");
    let page = alice.open(&link);
    page.assert_says(&named);
    let page = alice.submit(&page, &[("user_code", &code)]);
    page.assert_says("<h1>Allow access to your accounts?</h1>");
    page.assert_says(&named);
    page.assert_says("<dt>Asked from</dt>");
    page.assert_says(">Allow access</button>");
    assert_eq!(page.text().matches(name).count(), 1, "{}", page.answer);
    let page = alice.submit(&page, &[("answer", "deny")]);
    page.assert_says(&format!("The program that calls itself “<bdi>{name}</bdi>” gets no access."));
}

#[test]
fn behind_a_proxy_that_is_not_named_no_address_is_called_the_persons_own() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("alice");
    let mut alice = organization.sign_in_first("alice", &user);
    let (link, _) = waiting_client(&organization, "cli");
    let target = link.strip_prefix(portico.url()).unwrap();
    alice.open(target).assert_says("the address of this browser");
    for name in ["x-forwarded-for", "forwarded", "x-real-ip", "via"] {
        let answer = alice.send(Request::get(target).header(name, "203.0.113.9"));
        assert_eq!(answer.status, 200, "{answer}");
        let text = answer.text();
        assert!(!text.contains("the address of this browser"), "{answer}");
        assert!(text.contains("it is not known whether this browser has it"), "{answer}");
    }
}

#[test]
fn a_program_on_the_same_computer_is_shown_with_address_and_time() {
    let portico = Portico::sandbox();
    let organization = Organization::of_sandbox(&portico);
    let user = organization.create_user("alice");
    let mut alice = organization.sign_in_first("alice", &user);
    let instance = organization.instance.rsplit('/').next().unwrap();
    let input = json!({
        "clientName": "cli", "clientType": "public", "scopes": ["sso:account:access"],
        "grantTypes": ["authorization_code", "refresh_token"],
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
        "issuerUrl": format!("HTTPS://IDENTITYCENTER.AMAZONAWS.COM/{instance}"),
    });
    let client = portico.send(&Request::post("/client/register").json(&input)).ok();
    let target = format!(
        "/authorize?response_type=code&client_id={}&state=x&scopes=sso%3Aaccount%3Aaccess\
         &redirect_uri=http%3A%2F%2F127.0.0.1%3A54321%2Foauth%2Fcallback\
         &code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        client["clientId"].as_str().unwrap()
    );
    let page = alice.open(&target);
    page.assert_says("<h1>Allow access to your accounts?</h1>");
    page.assert_says("<dt>Calls itself</dt><dd>“<bdi>cli</bdi>”</dd>");
    page.assert_says("<dt>Asked from</dt><dd>127.0.0.1<small>this browser</small></dd>");
    page.assert_says("<dt>Asked</dt><dd>now<small>");
    let forwarded = Request::get(&target).header("x-forwarded-for", "203.0.113.9");
    let text = alice.send(forwarded).text();
    assert!(text.contains("<dt>Asked from</dt><dd>this browser</dd>"), "{text}");
}
