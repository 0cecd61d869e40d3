//! The mail of a message: its text and its HTML.
//!
//! INVARIANT: no text of a person is in a header. Subjects are constants, and the recipient is an address alone.

use model::message::Message;

use crate::content::Content;
use crate::mailer::Mail;
use crate::place::Place;
use crate::texts;

/// Composes the mail of a message.
#[must_use]
pub fn compose(public_url: &str, message: &Message, content: &Content) -> Mail {
    let place = Place { url: public_url, message };
    let layout = match content {
        Content::PasswordReset { display_name, user_name, one_time_password } => {
            texts::password_reset(&place, display_name, user_name, one_time_password)
        }
        Content::Invitation { display_name, user_name, secret } => {
            texts::invitation(&place, display_name, user_name, secret)
        }
        Content::ForgotPassword { display_name, user_name, secret, source_address } => {
            texts::forgot_password(&place, display_name, (user_name, source_address), secret)
        }
        Content::EmailOtp { display_name, user_name, code, source_address } => {
            texts::email_otp(&place, display_name, (user_name, source_address), code)
        }
        Content::PasswordChanged { display_name, user_name, source_address } => {
            texts::password_changed(&place, display_name, (user_name, source_address))
        }
        Content::EmailVerification { display_name, user_name, token } => {
            texts::email_verification(&place, display_name, user_name, token)
        }
        Content::SignInCode { display_name, user_name, code } => {
            texts::sign_in_code(&place, display_name, user_name, code)
        }
        Content::MfaBypass { display_name, user_name, until_ms } => {
            texts::mfa_bypass(&place, (display_name, user_name), *until_ms)
        }
        Content::MfaDeviceChanged {
            display_name,
            user_name,
            device_name,
            is_new,
            by_administrator,
            source_address,
        } => {
            let person = (display_name.as_str(), user_name.as_str());
            let source_address = (!by_administrator).then_some(source_address.as_str());
            texts::mfa_device_changed(&place, person, (device_name, *is_new), source_address)
        }
        Content::FailedSignIns { display_name, user_name, failures } => {
            texts::failed_sign_ins(&place, display_name, user_name, *failures)
        }
        Content::Test => texts::test(&place),
    };
    Mail {
        id: message.id.to_string(),
        to: message.recipient.to_string(),
        subject: layout.subject.to_owned(),
        text: layout.text(),
        html: layout.html(),
        created_at_ms: message.created_at_ms,
    }
}

#[cfg(test)]
mod tests {
    use model::message::{MessageKind, MessageStatus};

    use super::*;

    const URL: &str = "https://sso.example.com";

    fn message(kind: MessageKind) -> Message {
        Message {
            identity_store_id: "d-0123456789".parse().unwrap(),
            id: "00000000-0000-4000-8000-000000000001".parse().unwrap(),
            user_id: None,
            kind,
            recipient: "alice@example.com".parse().unwrap(),
            status: MessageStatus::Waiting,
            content: None,
            reason: None,
            attempts: 0,
            due_ms: 0,
            requested_by: "bob".to_owned(),
            created_at_ms: 1_800_000_000_000,
            updated_at_ms: 0,
            expires_at_ms: 1_800_086_400_000,
        }
    }

    /// Compares a text with a file of `docs/mail`. A file that is missing is written: delete it to renew it.
    fn compare(name: &str, text: &str) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/mail/").to_owned() + name;
        let Ok(kept) = std::fs::read_to_string(&path) else {
            std::fs::write(&path, text).unwrap();
            panic!("{path} was missing and is written: look at it");
        };
        assert_eq!(kept, text, "delete {path} and run the test to renew it");
    }

    #[test]
    fn the_previews_in_the_documentation_are_true() {
        let display_name = || "Alice Example".to_owned();
        let user_name = || "alice".to_owned();
        let secret = || "kH3vQ0cBzq2dRr9yW8mTnXo5uJ1aLsEfGi7pDbYxC4w".to_owned();
        let source_address = || "192.0.2.1".to_owned();
        let password_reset = Content::PasswordReset {
            display_name: display_name(),
            user_name: user_name(),
            one_time_password: "k7mqx2vphw9rtfzc4naj".to_owned(),
        };
        let invitation = Content::Invitation {
            display_name: display_name(),
            user_name: user_name(),
            secret: secret(),
        };
        let forgot_password = Content::ForgotPassword {
            display_name: display_name(),
            user_name: user_name(),
            secret: secret(),
            source_address: source_address(),
        };
        let email_otp = Content::EmailOtp {
            display_name: display_name(),
            user_name: user_name(),
            code: "K7MQ-X2VP-HW9R".to_owned(),
            source_address: source_address(),
        };
        let password_changed = Content::PasswordChanged {
            display_name: display_name(),
            user_name: user_name(),
            source_address: source_address(),
        };
        let email_verification = Content::EmailVerification {
            display_name: display_name(),
            user_name: user_name(),
            token: secret(),
        };
        let sign_in_code = Content::SignInCode {
            display_name: display_name(),
            user_name: user_name(),
            code: "40172958".to_owned(),
        };
        let mfa_bypass = Content::MfaBypass {
            display_name: display_name(),
            user_name: user_name(),
            until_ms: Some(1_800_086_400_000),
        };
        let mfa_device = |is_new, by_administrator| Content::MfaDeviceChanged {
            display_name: display_name(),
            user_name: user_name(),
            device_name: "Alice’s phone".to_owned(),
            is_new,
            by_administrator,
            source_address: source_address(),
        };
        let failed_sign_ins = Content::FailedSignIns {
            display_name: display_name(),
            user_name: user_name(),
            failures: 34,
        };
        for (name, content) in [
            ("password-reset", password_reset),
            ("failed-sign-ins", failed_sign_ins),
            ("mfa-bypass", mfa_bypass),
            ("mfa-device-added", mfa_device(true, false)),
            ("mfa-device-removed", mfa_device(false, false)),
            ("mfa-device-added-by-administrator", mfa_device(true, true)),
            ("mfa-device-removed-by-administrator", mfa_device(false, true)),
            ("invitation", invitation),
            ("forgot-password", forgot_password),
            ("email-otp", email_otp),
            ("password-changed", password_changed),
            ("email-verification", email_verification),
            ("sign-in-code", sign_in_code),
            ("test", Content::Test),
        ] {
            let mail = compose(URL, &message(content.kind()), &content);
            compare(&format!("{name}.txt"), &format!("Subject: {}\n\n{}", mail.subject, mail.text));
            compare(&format!("{name}.html"), &(mail.html + "\n"));
        }
    }
}
