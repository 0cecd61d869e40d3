//! `RegisterClient`, and the validity of client ids and secrets.

use model::{Fault, OAuthError};
use serde_json::{Value, json};

use super::{App, World, error, text};

#[test]
fn a_client_is_registered_for_ninety_days() {
    let world = World::new();
    let reply = world
        .call("RegisterClient", &json!({"clientName": "botocore-client-x", "clientType": "public"}))
        .unwrap();
    let lifetime = reply["clientSecretExpiresAt"].as_i64().unwrap()
        - reply["clientIdIssuedAt"].as_i64().unwrap();
    assert_eq!(lifetime, 90 * 24 * 3600);
    assert_eq!(reply["authorizationEndpoint"], "http://localhost:8080/authorize");
    assert_eq!(reply["tokenEndpoint"], "http://localhost:8080/token");
    let app = App { id: text(&reply, "clientId"), secret: text(&reply, "clientSecret") };
    world.bench.clock.advance(lifetime * 1000 - 1);
    assert!(world.start_device(&app).is_ok());
    world.bench.clock.advance(1);
    assert_eq!(error(world.start_device(&app)), OAuthError::InvalidClient);
}

#[test]
fn an_id_goes_with_its_own_secret_alone() {
    let world = World::new();
    let (one, two) = (world.device_app(), world.device_app());
    let tampered = |text: &str| {
        let last = if text.ends_with('A') { 'E' } else { 'A' };
        format!("{}{last}", &text[..text.len() - 1])
    };
    for (id, secret) in [
        (one.id.clone(), two.secret.clone()),
        (two.id.clone(), one.secret.clone()),
        (tampered(&one.id), one.secret.clone()),
        (one.id.clone(), tampered(&one.secret)),
        (one.id.clone(), one.id.clone()),
        (one.secret.clone(), one.secret.clone()),
        (one.id.clone(), String::new()),
        (String::new(), String::new()),
    ] {
        assert_eq!(error(world.start_device(&App { id, secret })), OAuthError::InvalidClient);
    }
}

#[test]
fn a_flawed_registration_is_refused_in_the_words_of_oauth() {
    let world = World::new();
    let start_url = world.start_url();
    let with = |more: Value| {
        let mut body = json!({"clientName": "x", "clientType": "public"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        error(world.call("RegisterClient", &body))
    };
    assert_eq!(with(json!({"clientType": "secret"})), OAuthError::InvalidClientMetadata);
    assert_eq!(with(json!({"scopes": ["openid"]})), OAuthError::InvalidScope);
    let application = "arn:aws:sso::123456789012:application/ssoins-1/apl-1";
    let application = json!({"entitledApplicationArn": application});
    assert_eq!(with(application), OAuthError::InvalidClientMetadata);
    assert_eq!(with(json!({"scopes": ["a b"]})), OAuthError::InvalidScope);
    assert_eq!(with(json!({"grantTypes": ["password"]})), OAuthError::UnsupportedGrantType);
    for uri in ["https://example.com/cb", "http://127.0.0.1@example.com/", "javascript:alert(1)"] {
        assert_eq!(with(json!({"redirectUris": [uri]})), OAuthError::InvalidRedirectUri, "{uri}");
    }
    let code = json!(["authorization_code"]);
    assert_eq!(
        with(json!({"grantTypes": code, "issuerUrl": start_url})),
        OAuthError::InvalidRedirectUri
    );
    let uris = json!(["http://127.0.0.1/oauth/callback"]);
    assert_eq!(with(json!({"grantTypes": code, "redirectUris": uris})), OAuthError::InvalidRequest);
    let elsewhere = "https://d-0000000000.awsapps.com/start";
    assert_eq!(
        with(json!({"grantTypes": code, "redirectUris": uris, "issuerUrl": elsewhere})),
        OAuthError::InvalidRequest
    );
    let long = format!("http://127.0.0.1/{}", "a".repeat(1000));
    assert_eq!(
        with(json!({"redirectUris": [long, long, long, long]})),
        OAuthError::InvalidClientMetadata
    );
}

#[test]
fn a_client_name_with_something_unseen_is_refused() {
    let world = World::new();
    let register = |name: &str| {
        world.call("RegisterClient", &json!({"clientName": name, "clientType": "public"}))
    };
    assert!(register("botocore-client-東京 🦀").is_ok());
    for c in ['\u{3164}', '\u{2800}', '\u{fe0f}', '\u{34f}', '\u{fffc}', '\u{202e}'] {
        let refused = register(&format!("AWS{c}CLI"));
        let Err(Fault::Invalid { field, .. }) = &refused else { panic!("{c:?}: {refused:?}") };
        assert_eq!(field, "clientName");
    }
}

#[test]
fn a_field_of_a_wrong_type_is_told_before_anybody_is_looked_up() {
    let world = World::new();
    let wrong = |operation: &str, mut body: Value, field: &str, value: Value| {
        body[field] = value;
        match world.call(operation, &body) {
            Err(Fault::Invalid { field, .. }) => field.into_owned(),
            other => format!("{other:?}"),
        }
    };
    let client = json!({"clientName": "x", "clientType": "public"});
    let told = wrong("RegisterClient", client, "entitledApplicationArn", json!({}));
    assert_eq!(told, "entitledApplicationArn");
    for grant_type in [super::DEVICE_CODE, "authorization_code", "refresh_token"] {
        let token = json!({
            "clientId": "nobody", "clientSecret": "x", "grantType": grant_type, "code": "x",
            "deviceCode": "x", "redirectUri": "http://127.0.0.1/", "refreshToken": "x",
            "codeVerifier": "x".repeat(43),
        });
        for field in ["code", "codeVerifier", "deviceCode", "redirectUri", "refreshToken", "scope"]
        {
            let told = wrong("CreateToken", token.clone(), field, json!({}));
            assert_eq!(told, field, "{grant_type}");
        }
        let told = wrong("CreateToken", token.clone(), "scope", json!([{}]));
        assert_eq!(told, "scope[0]", "{grant_type}");
        let unknown = world.call("CreateToken", &token);
        assert_eq!(error(unknown), OAuthError::InvalidClient, "{grant_type}");
    }
}

#[test]
fn a_client_gets_tokens_only_in_the_ways_it_registered_for() {
    let world = World::new();
    let legacy = world.register(&json!({"clientName": "old", "clientType": "public"}));
    let outcome = world.refresh(&legacy, "token");
    assert_eq!(error(outcome), OAuthError::UnauthorizedClient);
    let by_code = world.register(&json!({
        "clientName": "new", "clientType": "public", "grantTypes": ["authorization_code"],
        "redirectUris": ["http://127.0.0.1/cb"], "issuerUrl": world.start_url(),
    }));
    assert_eq!(error(world.start_device(&by_code)), OAuthError::UnauthorizedClient);
    let outcome = world.create_token(&legacy, &json!({"grantType": "password"}));
    assert_eq!(error(outcome), OAuthError::UnsupportedGrantType);
}

#[test]
fn every_spelling_of_the_start_url_is_taken_and_no_other() {
    let world = World::new();
    let (app, instance) = (world.device_app(), world.bench.instance());
    let start = |url: &str| {
        let body = json!({"clientId": app.id, "clientSecret": app.secret, "startUrl": url});
        world.call("StartDeviceAuthorization", &body)
    };
    for url in [
        instance.start_url(),
        format!("{}#/", instance.start_url()),
        format!("https://{}.portal.us-east-1.app.aws", instance.id),
        format!("https://identitycenter.amazonaws.com/{}", instance.id),
        "http://127.0.0.1:8080/start".to_owned(),
        "http://localhost:8080".to_owned(),
    ] {
        assert!(start(&url).is_ok(), "{url}");
    }
    for url in ["https://d-0000000000.awsapps.com/start", "http://localhost:8081/start"] {
        assert_eq!(error(start(url)), OAuthError::InvalidRequest, "{url}");
    }
}

#[test]
fn registering_leaves_nothing_behind() {
    let world = World::new();
    let before = world.bench.log().len();
    world.device_app();
    // A refusal is an event of a stranger.
    world
        .call("RegisterClient", &json!({"clientName": "cli", "clientType": "secret"}))
        .unwrap_err();
    assert_eq!(world.bench.events("sso-oauth:RegisterClient").len(), 1);
    assert_eq!(world.bench.log().len(), before + 1);
}
