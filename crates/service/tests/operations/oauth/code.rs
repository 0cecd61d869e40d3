//! Authorization codes with PKCE, RFC 7636, with the requests of the stock command line.

use ::oauth::authorize::{
    AuthorizeRequest, Consent, approve_authorization, deny_authorization, prepare_authorization,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::Portico;
use model::{Fault, OAuthError};
use protocol::{Fields, FromFields, form};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{App, World, error};

const VERIFIER: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
const CALLBACK: &str = "http://127.0.0.1:51234/oauth/callback";

impl World {
    /// Registers a client for PKCE like the stock command line.
    pub(super) fn code_app(&self) -> App {
        self.register(&json!({
            "clientName": "botocore-client-test", "clientType": "public",
            "scopes": ["sso:account:access"], "issuerUrl": self.start_url(),
            "grantTypes": ["authorization_code", "refresh_token"],
            "redirectUris": ["http://127.0.0.1/oauth/callback"],
        }))
    }

    fn prepare(&self, request: &AuthorizeRequest) -> Result<Consent, Fault> {
        self.bench.as_caller(&Portico::anonymous(), |ctx| prepare_authorization(ctx, request))
    }

    fn approve(&self, request: &AuthorizeRequest) -> Result<String, Fault> {
        let caller = self.bench.caller_of(&self.portal).unwrap();
        self.bench.as_caller(&caller, |ctx| approve_authorization(ctx, request))
    }

    /// Returns the code of the person's approval.
    pub(super) fn code(&self, app: &App) -> String {
        answer(&self.approve(&asked(app, &[])).unwrap(), "code").unwrap()
    }
}

fn challenge() -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER))
}

/// Returns the request of the stock command line with some parameters changed.
fn asked(app: &App, changes: &[(&str, &str)]) -> AuthorizeRequest {
    let challenge = challenge();
    let mut query = vec![
        ("response_type", "code"),
        ("client_id", &app.id),
        ("redirect_uri", CALLBACK),
        ("state", "state of the client"),
        ("code_challenge_method", "S256"),
        ("scopes", "sso:account:access"),
        ("code_challenge", &challenge),
    ];
    for (name, value) in changes {
        query.retain(|(known, _)| known != name);
        query.push((name, value));
    }
    let fields = form::parse_fields(&form::write_pairs(query)).unwrap();
    AuthorizeRequest::from_fields(&fields).unwrap()
}

/// Returns a query parameter of the URL that the browser is redirected to.
fn answer(url: &str, name: &str) -> Option<String> {
    let query = url.strip_prefix(CALLBACK).unwrap().strip_prefix('?').unwrap();
    let fields: Fields<'_> = form::parse_fields(query).unwrap();
    assert_eq!(fields.text("state"), Ok(Some("state of the client")));
    fields.text(name).unwrap().map(str::to_owned)
}

pub(super) fn exchange(code: &str) -> Value {
    json!({
        "grantType": "authorization_code", "code": code, "redirectUri": CALLBACK,
        "codeVerifier": VERIFIER,
    })
}

#[test]
fn a_person_lets_a_command_line_in_by_code() {
    let world = World::new();
    let app = world.code_app();
    let request = asked(&app, &[]);
    let Consent::Ask(asked) = world.prepare(&request).unwrap() else { panic!("not asked") };
    assert_eq!(asked.client_name.as_str(), "botocore-client-test");
    assert_eq!(asked.redirect_uri.as_str(), CALLBACK);
    assert_eq!(asked.scopes.to_string(), "sso:account:access");

    let code = world.code(&app);
    let tokens = world.create_token(&app, &exchange(&code)).unwrap();
    assert_eq!(tokens["expiresIn"], 3600);
    assert!(world.is_good(&tokens));
    assert!(tokens["refreshToken"].is_string());
}

#[test]
fn a_request_travels_through_a_form_as_it_was() {
    let world = World::new();
    let request = asked(&world.code_app(), &[]);
    let pairs =
        request.pairs().into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    let again = AuthorizeRequest::from_fields(&Fields::from_pairs(pairs)).unwrap();
    assert_eq!(again.pairs(), request.pairs());
}

#[test]
fn a_person_refuses_a_client() {
    let world = World::new();
    let request = asked(&world.code_app(), &[]);
    let caller = world.bench.caller_of(&world.portal).unwrap();
    let url = world.bench.as_caller(&caller, |ctx| deny_authorization(ctx, &request)).unwrap();
    assert_eq!(answer(&url, "error").as_deref(), Some("access_denied"));
    assert_eq!(answer(&url, "code"), None);
}

#[test]
fn a_code_that_is_shown_twice_ends_the_session_made_from_it() {
    let world = World::new();
    let app = world.code_app();
    let code = world.code(&app);
    let tokens = world.create_token(&app, &exchange(&code)).unwrap();
    assert_eq!(error(world.create_token(&app, &exchange(&code))), OAuthError::InvalidGrant);
    assert!(!world.is_good(&tokens));
    let refresh = tokens["refreshToken"].as_str().unwrap();
    assert_eq!(error(world.refresh(&app, refresh)), OAuthError::InvalidGrant);
    assert!(world.bench.caller_of(&world.portal).is_ok());
}

#[test]
fn a_code_needs_its_client_its_verifier_and_its_address() {
    let world = World::new();
    let (app, other) = (world.code_app(), world.code_app());
    let code = world.code(&app);
    let mut wrong = exchange(&code);
    wrong["codeVerifier"] = "x".repeat(43).into();
    assert_eq!(error(world.create_token(&app, &wrong)), OAuthError::InvalidGrant);
    let mut wrong = exchange(&code);
    wrong["redirectUri"] = "http://127.0.0.1:51234/elsewhere".into();
    assert_eq!(error(world.create_token(&app, &wrong)), OAuthError::InvalidGrant);
    assert_eq!(error(world.create_token(&other, &exchange(&code))), OAuthError::InvalidGrant);
    assert_eq!(error(world.create_token(&app, &exchange("unknown"))), OAuthError::InvalidGrant);
    for verifier in ["", &"x".repeat(42), &"x".repeat(129), &format!("{VERIFIER} ")] {
        let mut wrong = exchange(&code);
        wrong["codeVerifier"] = verifier.to_owned().into();
        let fault = world.create_token(&app, &wrong).unwrap_err();
        assert!(matches!(fault, Fault::Invalid { .. }), "{fault:?}");
    }
    // The refused attempts did not consume the code.
    assert!(world.create_token(&app, &exchange(&code)).is_ok());
}

#[test]
fn a_code_is_good_for_five_minutes() {
    let world = World::new();
    let app = world.code_app();
    let code = world.code(&app);
    world.bench.clock.advance(300_000);
    assert_eq!(error(world.create_token(&app, &exchange(&code))), OAuthError::InvalidGrant);
}

#[test]
fn until_the_redirect_uri_is_trusted_no_browser_is_sent_there() {
    let world = World::new();
    let app = world.code_app();
    let unknown = App { id: "unknown".to_owned(), secret: String::new() };
    let long = "x".repeat(1025);
    for request in [
        asked(&unknown, &[]),
        asked(&app, &[("redirect_uri", "http://127.0.0.1:51234/other")]),
        asked(&app, &[("redirect_uri", "http://localhost:51234/oauth/callback")]),
        asked(&app, &[("state", &long)]),
    ] {
        assert!(matches!(world.prepare(&request), Err(Fault::Invalid { .. })));
        assert!(matches!(world.approve(&request), Err(Fault::Invalid { .. })));
    }
    let query = form::parse_fields("client_id=x&redirect_uri=https://example.com/").unwrap();
    assert!(AuthorizeRequest::from_fields(&query).is_err());
}

#[test]
fn a_flaw_in_a_trusted_request_is_told_to_the_client() {
    let world = World::new();
    let app = world.code_app();
    let device_app = world.register(&json!({
        "clientName": "x", "clientType": "public", "issuerUrl": world.start_url(),
        "redirectUris": ["http://127.0.0.1/oauth/callback"],
    }));
    for (request, word) in [
        (asked(&app, &[("response_type", "token")]), "unsupported_response_type"),
        (asked(&app, &[("code_challenge_method", "plain")]), "invalid_request"),
        (asked(&app, &[("code_challenge_method", "")]), "invalid_request"),
        (asked(&app, &[("code_challenge", "")]), "invalid_request"),
        (asked(&app, &[("scopes", "sso:account:access openid")]), "invalid_scope"),
        (asked(&device_app, &[]), "unauthorized_client"),
    ] {
        let Ok(Consent::Redirect(url)) = world.prepare(&request) else { panic!("{word}") };
        assert_eq!(answer(&url, "error").as_deref(), Some(word));
        assert_eq!(world.approve(&request).as_ref(), Ok(&url));
    }
}

#[test]
fn only_a_person_of_the_instance_lets_a_client_in() {
    let world = World::new();
    let app = world.code_app();
    let request = asked(&app, &[]);
    let approve =
        |caller| world.bench.as_caller(caller, |ctx| approve_authorization(ctx, &request));
    let stranger = Portico::anonymous();
    assert_eq!(approve(&stranger), Err(Fault::NoSession));
    let code = world.code(&app);
    let token = world.create_token(&app, &exchange(&code)).unwrap();
    let token = token["accessToken"].as_str().unwrap();
    let client =
        kernel::credentials::person::caller_of_access_token(&world.bench.portico, token).unwrap();
    assert_eq!(approve(&client), Err(Fault::NoSession));
}

#[test]
fn a_callback_with_a_query_of_its_own_keeps_it() {
    let world = World::new();
    let app = world.register(&json!({
        "clientName": "x", "clientType": "public", "issuerUrl": world.start_url(),
        "grantTypes": ["authorization_code"], "redirectUris": ["http://127.0.0.1/cb?a=b"],
        "scopes": ["sso:account:access"],
    }));
    let request = asked(&app, &[("redirect_uri", "http://127.0.0.1:9/cb?a=b"), ("state", "s&t")]);
    let url = world.approve(&request).unwrap();
    assert!(url.starts_with("http://127.0.0.1:9/cb?a=b&code="), "{url}");
    assert!(url.ends_with("&state=s%26t"), "{url}");
}
