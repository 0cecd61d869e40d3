//! People of a bench: users with passwords, their sign-ins and their events.

use std::sync::Arc;

use kernel::credentials::person::caller_of_cookie;
use kernel::sessions::NewSession;
use kernel::{Portico, upkeep};
use model::Fault;
use model::ids::UserId;
use model::password::HashCost;
use policy::Caller;
use protocol::totp::{TotpKey, step_of};
use serde_json::{Value, json};
use sign_in::authenticate::{AuthenticateRequest, Authentication, authenticate};
use sign_in::browser::Browser;
use sign_in::forgot_password::{ForgotPasswordRequest, Way, forgot_password};
use sign_in::register_totp::{OfferTotpRequest, RegisterTotpRequest, offer_totp, register_totp};
use sign_in::sequence::{Progress, SecondStep};
use sign_in::set_new_password::{SetNewPasswordRequest, set_new_password};
use sign_in::totp_offer::TotpOffer;
use sign_in::verify_totp::{Verification, VerifyTotpRequest, verify_totp};
use store::{LoggedEvent, digest};

use super::Bench;

/// Cost of password hashes in tests.
pub const CHEAP: HashCost = HashCost { memory_kib: 64, passes: 1, lanes: 1 };

/// Password that satisfies the rules.
pub const PASSWORD: &str = "Correct-Horse-9";

/// Cookie value of the browser in which people sign in.
pub const BROWSER: &str = "browser of the person";

/// Browser with this cookie, which nobody called their own.
pub fn browser_of(id: &str) -> Browser {
    Browser { id: id.to_owned(), trusted: String::new() }
}

impl Bench {
    /// Creates a user without a password.
    pub fn create_user(&self, user_name: &str) -> UserId {
        let user = json!({
            "IdentityStoreId": self.store_id(), "UserName": user_name, "DisplayName": user_name,
            "Name": {"GivenName": "Test", "FamilyName": "Person"},
        });
        let reply = self.call("AWSIdentityStore.CreateUser", &user).unwrap();
        reply["UserId"].as_str().unwrap().parse().unwrap()
    }

    /// Calls a `PorticoAdmin` operation on a user.
    pub fn admin(&self, operation: &str, user: &UserId, more: Value) -> Result<Value, Fault> {
        let mut body = more;
        body["IdentityStoreId"] = self.store_id().into();
        body["UserId"] = user.to_string().into();
        self.call(&format!("PorticoAdmin.{operation}"), &body)
    }

    /// Makes a one-time password.
    pub fn one_time_password(&self, user: &UserId) -> String {
        let mode = json!({"Mode": "ONE_TIME_PASSWORD"});
        let reply = self.admin("ResetUserPassword", user, mode).unwrap();
        reply["OneTimePassword"].as_str().unwrap().to_owned()
    }

    /// Signs in from an address and a browser.
    pub fn sign_in_from(
        &self,
        address: &str,
        browser: &str,
        user_name: &str,
        password: &str,
    ) -> Result<Authentication, Fault> {
        let request = AuthenticateRequest {
            instance_id: None,
            user_name: user_name.to_owned(),
            password: password.parse().unwrap(),
            browser: browser_of(browser),
        };
        self.as_caller_from(address, &Portico::anonymous(), |ctx| authenticate(ctx, &request))
    }

    /// Signs in from the default address and browser.
    pub fn sign_in(&self, user_name: &str, password: &str) -> Result<Authentication, Fault> {
        self.sign_in_from("192.0.2.1", BROWSER, user_name, password)
    }

    /// Sets a new password with a ticket.
    pub fn set_password(
        &self,
        ticket: &str,
        browser: &str,
        new_password: &str,
    ) -> Result<NewSession, Fault> {
        let request = SetNewPasswordRequest {
            ticket: ticket.to_owned(),
            browser: browser_of(browser),
            new_password: new_password.to_owned(),
            confirm_password: new_password.to_owned(),
        };
        match self.set_password_in_sequence(&request)? {
            Progress::SignedIn(session) => Ok(session),
            Progress::SecondStep(step) => panic!("{step:?}"),
        }
    }

    fn set_password_in_sequence(&self, request: &SetNewPasswordRequest) -> Result<Progress, Fault> {
        self.as_caller(&Portico::anonymous(), |ctx| set_new_password(ctx, request))
    }

    /// Creates a user with the password [`PASSWORD`]. Returns what the sign-in sequence asks of them then.
    pub fn begin_person(&self, user_name: &str) -> (UserId, Progress) {
        let user = self.create_user(user_name);
        let request = SetNewPasswordRequest {
            ticket: self.ticket(&user, user_name),
            browser: browser_of(BROWSER),
            new_password: PASSWORD.to_owned(),
            confirm_password: PASSWORD.to_owned(),
        };
        (user, self.set_password_in_sequence(&request).unwrap())
    }

    /// Says that somebody has forgotten a password, from the default address.
    pub fn forgot_password(&self, user_name: &str) -> Result<(), Fault> {
        self.forgot_password_from("192.0.2.1", user_name)
    }

    /// Says from an address that somebody has forgotten a password.
    pub fn forgot_password_from(&self, address: &str, user_name: &str) -> Result<(), Fault> {
        self.ask_for(Way::Link, address, user_name)
    }

    /// Asks at the sign-in page for a link or a code.
    pub fn ask_for(&self, way: Way, address: &str, user_name: &str) -> Result<(), Fault> {
        let request =
            ForgotPasswordRequest { instance_id: None, user_name: user_name.to_owned(), way };
        self.as_caller_from(address, &Portico::anonymous(), |ctx| forgot_password(ctx, &request))
    }

    /// Returns the ticket of a sign-in with a new one-time password.
    pub fn ticket(&self, user: &UserId, user_name: &str) -> String {
        let one_time = self.one_time_password(user);
        let outcome = self.sign_in(user_name, &one_time).unwrap();
        let Authentication::MustSetPassword { ticket, .. } = outcome else { panic!("{outcome:?}") };
        ticket
    }

    /// Creates a user with the password [`PASSWORD`], and signs them in.
    pub fn create_person(&self, user_name: &str) -> (UserId, NewSession) {
        let user = self.create_user(user_name);
        let ticket = self.ticket(&user, user_name);
        let session = self.set_password(&ticket, BROWSER, PASSWORD).unwrap();
        (user, session)
    }

    /// Finds the caller of a portal session's cookie.
    pub fn caller_of(&self, session: &NewSession) -> Result<Arc<Caller>, Fault> {
        caller_of_cookie(&self.portico, session.cookie.reveal())
            .map_err(|rejection| rejection.fault().clone())
    }

    /// Flushes the journal and returns the events of an action, oldest first.
    pub fn events(&self, action: &str) -> Vec<LoggedEvent> {
        upkeep::flush_journal(&self.portico).unwrap();
        self.logged(action)
    }

    /// The events of an action that are on disk by now.
    pub fn logged(&self, action: &str) -> Vec<LoggedEvent> {
        let mut events = self.log();
        events.retain(|event| event.action == action);
        events
    }

    /// All events that are on disk by now.
    pub fn log(&self) -> Vec<LoggedEvent> {
        self.as_caller(&Portico::itself(), |ctx| {
            let permit = ctx.authorize("portico:ExportAuditLog", "*").unwrap();
            let mut read = ctx.read(&permit).unwrap();
            let rows = digest::list_log(&mut read, "", "g", 10_000).unwrap();
            rows.into_iter().map(Result::unwrap).collect()
        })
    }
}

/// The authenticator app of a person.
pub struct App(TotpKey);

impl App {
    /// The app that scanned an offer.
    pub fn of(offer: &TotpOffer) -> Self {
        Self::of_key(&offer.key_in_groups)
    }

    /// The app into which a key in Base32 was typed.
    pub fn of_key(key: &str) -> Self {
        let signs = key.bytes().filter(|sign| *sign != b' ');
        let (mut bytes, mut bits, mut count) = (Vec::new(), 0_u32, 0);
        for sign in signs {
            let value = if sign.is_ascii_digit() { sign - b'2' + 26 } else { sign - b'A' };
            (bits, count) = (bits << 5 | u32::from(value), count + 5);
            if count >= 8 {
                count -= 8;
                bytes.push((bits >> count).to_be_bytes()[3]);
            }
        }
        Self(TotpKey::from_bytes(&bytes).unwrap())
    }

    /// The code that it shows at a moment.
    pub fn code_at(&self, at_ms: i64) -> String {
        self.0.code(step_of(at_ms))
    }
}

impl Bench {
    /// Calls `PutMfaSettings`.
    pub fn put_mfa_settings(&self, mut settings: Value) {
        settings["InstanceArn"] = self.instance().id.arn().into();
        self.call("PorticoAdmin.PutMfaSettings", &settings).unwrap();
    }

    /// The step of a person who signs in with [`PASSWORD`].
    pub fn second_step(&self, user_name: &str, browser: &Browser) -> SecondStep {
        let outcome = self.sign_in_with(user_name, PASSWORD, browser).unwrap();
        let Authentication::SecondStep(step) = outcome else { panic!("{outcome:?}") };
        step
    }

    /// Signs in from the default address.
    pub fn sign_in_with(
        &self,
        user_name: &str,
        password: &str,
        browser: &Browser,
    ) -> Result<Authentication, Fault> {
        let request = AuthenticateRequest {
            instance_id: None,
            user_name: user_name.to_owned(),
            password: password.parse().unwrap(),
            browser: browser.clone(),
        };
        self.as_caller(&Portico::anonymous(), |ctx| authenticate(ctx, &request))
    }

    /// Offers an authenticator app at a step that asks for one.
    pub fn offer(&self, step: &SecondStep, browser: &Browser) -> Result<TotpOffer, Fault> {
        let request = OfferTotpRequest {
            ticket: step.ticket.clone(),
            browser: browser.clone(),
            issuer: "Bench".to_owned(),
        };
        self.as_caller(&Portico::anonymous(), |ctx| offer_totp(ctx, &request))
    }

    /// Registers an app at a step that asks for one.
    pub fn register(
        &self,
        step: &SecondStep,
        browser: &Browser,
        (offer, code): (&TotpOffer, &str),
    ) -> Result<Progress, Fault> {
        let request = RegisterTotpRequest {
            ticket: step.ticket.clone(),
            browser: browser.clone(),
            offer: offer.sealed.clone(),
            code: code.to_owned(),
            name: "Phone".parse().unwrap(),
        };
        self.as_caller(&Portico::anonymous(), |ctx| register_totp(ctx, &request))
    }

    /// Types the code of an app at a step that asks for one.
    pub fn type_code(
        &self,
        step: &SecondStep,
        browser: &Browser,
        (code, trusts): (&str, bool),
    ) -> Result<Verification, Fault> {
        let request = VerifyTotpRequest {
            ticket: step.ticket.clone(),
            browser: browser.clone(),
            code: code.to_owned(),
            trusts,
        };
        self.as_caller(&Portico::anonymous(), |ctx| verify_totp(ctx, &request))
    }
}
