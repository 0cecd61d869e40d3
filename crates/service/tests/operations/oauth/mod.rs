//! OAuth from the registration of a client to its tokens, with a person in between, in memory and
//! with a clock that is moved by hand.

mod code;
mod device;
mod device_setting;
mod names;
mod refresh;
mod registration;

use ::oauth::device::{DeviceReply, DeviceRequest};
use kernel::sessions::NewSession;
use kernel::{Ctx, Portico};
use model::{Fault, OAuthError};
use serde_json::{Value, json};
use testing::Bench;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
const SECOND_MS: i64 = 1000;
const HOUR_MS: i64 = 3_600_000;

/// Bench with a signed-in person.
struct World {
    bench: Bench,
    portal: NewSession,
}

/// Registered client.
struct App {
    id: String,
    secret: String,
}

impl World {
    fn new() -> Self {
        let bench = Bench::new();
        let (_, portal) = bench.create_person("alice");
        Self { bench, portal }
    }

    /// Calls an operation of sso-oidc. These operations are unsigned.
    fn call(&self, operation: &str, body: &Value) -> Result<Value, Fault> {
        self.bench.call_as(&Portico::anonymous(), &format!("SSOOIDC.{operation}"), body)
    }

    fn register(&self, body: &Value) -> App {
        let reply = self.call("RegisterClient", body).unwrap();
        App { id: text(&reply, "clientId"), secret: text(&reply, "clientSecret") }
    }

    fn start_url(&self) -> String {
        self.bench.instance().start_url()
    }

    /// Registers a client for device codes like the stock command line.
    fn device_app(&self) -> App {
        self.register(&json!({
            "clientName": "botocore-client-test", "clientType": "public",
            "scopes": ["sso:account:access"],
        }))
    }

    fn start_device(&self, app: &App) -> Result<Value, Fault> {
        let body = json!({
            "clientId": app.id, "clientSecret": app.secret, "startUrl": self.start_url(),
        });
        self.call("StartDeviceAuthorization", &body)
    }

    fn create_token(&self, app: &App, grant: &Value) -> Result<Value, Fault> {
        let mut body = grant.clone();
        body["clientId"] = app.id.as_str().into();
        body["clientSecret"] = app.secret.as_str().into();
        self.call("CreateToken", &body)
    }

    /// Polls for a device code after the poll interval.
    fn poll(&self, app: &App, started: &Value) -> Result<Value, Fault> {
        self.bench.clock.advance(SECOND_MS);
        self.poll_at_once(app, started)
    }

    fn poll_at_once(&self, app: &App, started: &Value) -> Result<Value, Fault> {
        let code = &started["deviceCode"];
        self.create_token(app, &json!({"grantType": DEVICE_CODE, "deviceCode": code}))
    }

    fn refresh(&self, app: &App, token: &str) -> Result<Value, Fault> {
        self.create_token(app, &json!({"grantType": "refresh_token", "refreshToken": token}))
    }

    /// Runs a step of the device page for the person of a portal session.
    fn step(
        &self,
        portal: &NewSession,
        step: fn(&Ctx<'_>, &DeviceRequest) -> Result<DeviceReply, Fault>,
        user_code: &str,
    ) -> Result<DeviceReply, Fault> {
        let request = DeviceRequest { user_code: user_code.to_owned() };
        let caller = self.bench.caller_of(portal)?;
        self.bench.as_caller(&caller, |ctx| step(ctx, &request))
    }

    /// Returns tokens of a client that the person authorized by device code.
    fn tokens(&self, app: &App) -> Value {
        let started = self.start_device(app).unwrap();
        let code = text(&started, "userCode");
        self.step(&self.portal, ::oauth::device::confirm_device, &code).unwrap();
        self.step(&self.portal, ::oauth::device::approve_device, &code).unwrap();
        self.poll(app, &started).unwrap()
    }

    /// Tells whether an access token is valid.
    fn is_good(&self, tokens: &Value) -> bool {
        let token = text(tokens, "accessToken");
        kernel::credentials::person::caller_of_access_token(&self.bench.portico, &token).is_ok()
    }
}

fn text(reply: &Value, field: &str) -> String {
    reply[field].as_str().unwrap_or_else(|| panic!("{field} is missing in {reply}")).to_owned()
}

/// Returns the OAuth error of a refused request.
fn error(outcome: Result<Value, Fault>) -> OAuthError {
    let fault = outcome.unwrap_err();
    let Fault::OAuth(fault) = fault else { panic!("{fault:?}") };
    fault.error
}
