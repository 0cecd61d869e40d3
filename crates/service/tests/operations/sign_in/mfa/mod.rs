//! Authenticator apps at sign-in: a person who has one, and what they do with it.

mod codes;
mod settings;
mod trust;

use ::sign_in::authenticate::Authentication::{self, SignedIn, Wrong};
use ::sign_in::browser::Browser;
use ::sign_in::sequence::{Ask, Progress, SecondStep};
use ::sign_in::verify_totp::{Verification, WrongCode};
use kernel::Portico;
use kernel::sessions::NewSession;
use model::Fault;
use model::ids::UserId;
use model::mfa::MfaDevice;
use serde_json::json;
use testing::Bench;
use testing::people::{App, BROWSER, PASSWORD, browser_of};

use super::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

const STEP_MS: i64 = 30 * SECOND_MS;

/// Bench whose instance asks for second factors, with a person who has an authenticator app.
struct World {
    bench: Bench,
    user: UserId,
    app: App,
}

impl World {
    fn new() -> Self {
        let (bench, user) = without_device();
        let step = bench.second_step("alice", &browser_of(BROWSER));
        let offer = bench.offer(&step, &browser_of(BROWSER)).unwrap();
        let app = App::of(&offer);
        let code = app.code_at(bench.portico.clock.now_ms());
        signed_in(bench.register(&step, &browser_of(BROWSER), (&offer, &code)).unwrap());
        bench.clock.advance(STEP_MS);
        Self { bench, user, app }
    }

    fn code(&self) -> String {
        self.app.code_at(self.bench.portico.clock.now_ms())
    }

    fn step(&self) -> SecondStep {
        self.bench.second_step("alice", &browser_of(BROWSER))
    }

    fn type_code(&self, step: &SecondStep, code: &str) -> Result<Verification, Fault> {
        self.bench.type_code(step, &browser_of(BROWSER), (code, false))
    }

    /// Signs in with a code, in a browser that becomes the person's own. Returns the browser.
    fn trust(&self, browser: &Browser) -> Browser {
        let step = self.bench.second_step("alice", browser);
        let code = self.code();
        let verified = self.bench.type_code(&step, browser, (&code, true)).unwrap();
        let Verification::Right { trusted, .. } = verified else { panic!("{verified:?}") };
        self.bench.clock.advance(STEP_MS);
        Browser { id: browser.id.clone(), trusted: trusted.unwrap() }
    }

    fn is_asked(&self, browser: &Browser) -> bool {
        match self.bench.sign_in_with("alice", PASSWORD, browser).unwrap() {
            SignedIn(_) => false,
            Authentication::SecondStep(step) => {
                assert!(matches!(step.ask, Ask::Device { .. }), "{step:?}");
                true
            }
            outcome @ (Wrong | Authentication::MustSetPassword { .. }) => panic!("{outcome:?}"),
        }
    }

    fn devices(&self) -> Vec<MfaDevice> {
        devices(&self.bench, &self.user)
    }
}

fn devices(bench: &Bench, user: &UserId) -> Vec<MfaDevice> {
    let store_id = bench.instance().identity_store_id;
    bench.as_caller(&Portico::itself(), |ctx| {
        let permit = ctx.authorize("portico:Test", "*").unwrap();
        let mut read = ctx.read(&permit).unwrap();
        store::mfa_device::list_of_user(&mut read, &store_id, user).unwrap()
    })
}

/// Bench of a new instance, with a person who has a password and no device.
fn without_device() -> (Bench, UserId) {
    let bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    bench.put_mfa_settings(json!({"NoMfaSignInBehavior": "REQUIRE_REGISTRATION"}));
    (bench, user)
}

fn signed_in(progress: Progress) -> NewSession {
    match progress {
        Progress::SignedIn(session) => session,
        Progress::SecondStep(step) => panic!("{step:?}"),
    }
}

fn right(outcome: Result<Verification, Fault>) -> NewSession {
    match outcome.unwrap() {
        Verification::Right { progress, .. } => signed_in(progress),
        wrong @ Verification::Wrong(..) => panic!("{wrong:?}"),
    }
}

fn wrong(outcome: Result<Verification, Fault>) -> (WrongCode, SecondStep) {
    match outcome.unwrap() {
        Verification::Wrong(why, step) => (why, step),
        right @ Verification::Right { .. } => panic!("{right:?}"),
    }
}
