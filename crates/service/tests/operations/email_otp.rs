//! A code by mail for a person without a password.

use kernel::Portico;
use model::Fault;
use model::ids::UserId;
use serde_json::json;
use sign_in::authenticate::Authentication;
use sign_in::forgot_password::Way;
use sign_in::redeem_email_otp::{RedeemEmailOtpRequest, redeem_email_otp};
use testing::center::{Center, for_user};
use testing::people::{BROWSER, PASSWORD};

use crate::forgot_password::set_address_as;
use crate::invitations::open;
use crate::messages::{Post, set_address};
use crate::password_reset::person;

const MINUTE_MS: i64 = 60 * 1000;
const OTHER: &str = "Another-Horse-9";

/// The code in the text of a message.
fn code_in(text: &str) -> String {
    let line = text.lines().find_map(|line| line.trim().strip_prefix("Code: "));
    line.unwrap().to_owned()
}

struct Newcomer {
    post: Post,
    user: UserId,
}

impl Newcomer {
    fn new() -> Self {
        let post = Post::new();
        let user = post.bench.create_user("grace");
        set_address(&post.bench, &user, &json!([{ "Value": "grace@example.com" }]));
        let newcomer = Self { post, user };
        newcomer.send_codes(true);
        newcomer
    }

    fn send_codes(&self, send_email_otp: bool) {
        let arn = self.post.bench.instance().id.arn();
        let body = json!({ "InstanceArn": arn, "SendEmailOtp": send_email_otp });
        self.post.bench.call("PorticoAdmin.PutStandardAuthentication", &body).unwrap();
    }

    fn ask(&self, name: &str) {
        self.post.bench.ask_for(Way::Code, "192.0.2.1", name).unwrap();
        self.post.bench.finish_jobs();
    }

    fn code(&self) -> String {
        self.ask("grace");
        code_in(&self.post.last_mail().text)
    }

    fn redeem(&self, name: &str, code: &str) -> Result<String, Fault> {
        let request = RedeemEmailOtpRequest {
            instance_id: None,
            user_name: name.to_owned(),
            code: code.to_owned(),
            browser: BROWSER.to_owned(),
        };
        let stranger = Portico::anonymous();
        let opened = self.post.bench.as_caller(&stranger, |ctx| redeem_email_otp(ctx, &request))?;
        Ok(opened.ticket)
    }
}

#[test]
fn a_person_without_a_password_signs_in_with_a_code() {
    let newcomer = Newcomer::new();
    let code = newcomer.code();
    assert_eq!(code.len(), 14);
    for (name, wrong) in
        [("grace", "AAAA-AAAA-AAAA"), ("alice", &code), ("nobody", &code), ("grace", "")]
    {
        assert_eq!(newcomer.redeem(name, wrong), Err(Fault::NoSession));
    }
    let typed = code.to_lowercase().replace('-', " ");
    let ticket = newcomer.redeem("Grace", &typed).unwrap();
    // It works once, and it is no link.
    assert_eq!(newcomer.redeem("grace", &code), Err(Fault::NoSession));
    assert!(open(&newcomer.post.bench, &code).is_err());
    assert!(newcomer.post.bench.set_password(&ticket, "another browser", PASSWORD).is_err());
    assert!(newcomer.post.bench.set_password(&ticket, BROWSER, PASSWORD).is_ok());
    assert!(newcomer.post.bench.set_password(&ticket, BROWSER, OTHER).is_err());
    let signed = newcomer.post.bench.sign_in("grace", PASSWORD);
    assert!(matches!(signed, Ok(Authentication::SignedIn(_))));
    assert!(newcomer.post.bench.log().iter().all(|event| !format!("{event:?}").contains(&code)));
    // Who has a password gets no code.
    let count = newcomer.post.count();
    newcomer.ask("grace");
    assert_eq!(newcomer.post.count(), count);
}

#[test]
fn a_code_ends_with_time_a_newer_one_an_invitation_accepted_and_its_person() {
    let newcomer = Newcomer::new();
    let (former, latter) = (newcomer.code(), newcomer.code());
    assert_eq!(newcomer.redeem("grace", &former), Err(Fault::NoSession));
    newcomer.post.bench.clock.advance(10 * MINUTE_MS);
    assert_eq!(newcomer.redeem("grace", &latter), Err(Fault::NoSession));
    newcomer.post.bench.clock.advance(60 * MINUTE_MS);
    let ticket = newcomer.redeem("grace", &newcomer.code()).unwrap();
    newcomer.post.bench.admin("DisableUser", &newcomer.user, json!({})).unwrap();
    assert!(newcomer.post.bench.set_password(&ticket, BROWSER, PASSWORD).is_err());
    newcomer.post.bench.admin("EnableUser", &newcomer.user, json!({})).unwrap();
    let code = newcomer.code();
    newcomer.post.bench.one_time_password(&newcomer.user);
    assert_eq!(newcomer.redeem("grace", &code), Err(Fault::NoSession));
    // The mailbox does not undo what an administrator gave.
    let count = newcomer.post.count();
    newcomer.ask("grace");
    assert_eq!(newcomer.post.count(), count);
}

#[test]
fn no_code_is_sent_unless_the_instance_says_so() {
    let newcomer = Newcomer::new();
    let code = newcomer.code();
    let count = newcomer.post.count();
    newcomer.send_codes(false);
    assert_eq!(newcomer.redeem("grace", &code), Err(Fault::NoSession));
    newcomer.ask("grace");
    assert_eq!(newcomer.post.count(), count);
    let events = newcomer.post.bench.logged("signin:ForgotPassword");
    assert!(format!("{events:?}").contains("the instance sends no codes"), "{events:?}");
    let arn = newcomer.post.bench.instance().id.arn();
    let described = newcomer
        .post
        .bench
        .call("PorticoAdmin.DescribeStandardAuthentication", &json!({ "InstanceArn": arn }));
    assert_eq!(described.unwrap(), json!({ "SendEmailOtp": false }));
}

#[test]
fn who_sets_the_address_of_a_person_with_roles_gets_no_code() {
    let center = Center::new();
    let helper = person(&center, "helper", &["identitystore:UpdateUser"]);
    let body = json!({ "InstanceArn": center.arn, "SendEmailOtp": true });
    center.bench.call("PorticoAdmin.PutStandardAuthentication", &body).unwrap();
    let boss = center.bench.create_user("boss");
    let everything = center.create_set_of("Everything", &["*"]);
    center.assign(&for_user(&everything, boss.as_str()));
    set_address_as(&center, &helper.caller, &boss);
    center.bench.ask_for(Way::Code, "192.0.2.1", "boss").unwrap();
    center.bench.finish_jobs();
    let events = center.bench.logged("signin:ForgotPassword");
    assert!(format!("{events:?}").contains("is not verified"), "{events:?}");
}
