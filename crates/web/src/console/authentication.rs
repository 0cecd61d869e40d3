//! Console, page "Authentication": how the people of the instance sign in. Each setting is a form of its own, which says
//! what it changes for whom.

use kernel::parts::{Permitted, permitted};
use maud::{Markup, html};
use model::ids::InstanceId;
use model::mfa::{
    AllowedMfaTypes, MfaType, NoMfaSignInBehavior, NoPasswordSignInBehavior, PromptMode,
};
use model::password::PasswordPolicy;
use model::session_settings::SessionSettings;
use model::setting::{DeviceAuthorizationStatus, PasskeySignInStatus};
use portico_admin::describe_mfa_settings::{DescribeMfaSettingsReply, DescribeMfaSettingsRequest};
use portico_admin::{
    describe_device_authorization, describe_mfa_settings, describe_passkey_sign_in,
    describe_password_policy, describe_session_settings,
};

use super::authentication_forms::{ALL_TYPES, put};
use super::choice::Choice;
use super::frame::Console;
use super::list::refused;
use super::open::{Center, in_center};
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::{Answer, PageError};
use crate::parts::field::Field;
use crate::parts::frame::head;
use crate::parts::hidden;
use crate::parts::surface::{Weight, body, note, panel};
use crate::request_context::RequestContext;
use crate::sample::{Samples, TOKEN};

pub(crate) const PATH: &str = "/console/authentication";

/// View of the page.
pub struct Authentication<'a> {
    pub console: Console<'a>,
    pub settings: Settings,
    /// True after a setting was saved.
    pub is_done: bool,
    pub complaint: Option<&'a str>,
    pub token: &'a str,
}

/// What holds, as far as the role may see it.
pub struct Settings {
    pub mfa: Permitted<DescribeMfaSettingsReply>,
    pub passkey: Permitted<PasskeySignInStatus>,
    pub device: Permitted<DeviceAuthorizationStatus>,
    pub policy: Permitted<PasswordPolicy>,
    pub sessions: Permitted<SessionSettings>,
}

/// `GET /console/authentication`.
pub(crate) fn show(center: &Center<'_>) -> Answer {
    page(center, 200, None)
}

/// `POST /console/authentication`: saves one setting.
pub(crate) fn submit(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Console)?;
    in_center(context, |center| {
        let Some(instance) = center.find_instance()? else { return Ok(Page::redirect(PATH)) };
        match put(center, &instance.id)? {
            Ok(()) => Ok(Page::redirect("/console/authentication?done=saved")),
            Err(complaint) => page(center, 422, Some(complaint)),
        }
    })
}

fn page(center: &Center<'_>, status: u16, complaint: Option<&str>) -> Answer {
    let context = center.open.context;
    let settings = match &center.instance {
        Ok(Some(instance)) => read(center, &instance.id)?,
        Ok(None) => return Err(PageError::EnableInstance),
        Err(why) => Settings {
            mfa: Err(why.clone()),
            passkey: Err(why.clone()),
            device: Err(why.clone()),
            policy: Err(why.clone()),
            sessions: Err(why.clone()),
        },
    };
    let view = Authentication {
        console: center.open.console(),
        settings,
        is_done: complaint.is_none() && context.parameter("done")? == "saved",
        complaint,
        token: &context.token(Cookie::Console, PATH),
    };
    Ok(Page::html(status, render(&view)))
}

fn read(center: &Center<'_>, instance_id: &InstanceId) -> Answer<Settings> {
    let ctx = &center.open.ctx;
    let instance_id = || instance_id.clone();
    let mfa = DescribeMfaSettingsRequest { instance_id: instance_id() };
    let passkey =
        describe_passkey_sign_in::DescribePasskeySignInRequest { instance_id: instance_id() };
    let device = describe_device_authorization::DescribeDeviceAuthorizationRequest {
        instance_id: instance_id(),
    };
    let policy =
        describe_password_policy::DescribePasswordPolicyRequest { instance_id: instance_id() };
    let sessions =
        describe_session_settings::DescribeSessionSettingsRequest { instance_id: instance_id() };
    let passkey = permitted(describe_passkey_sign_in::OPERATION.call(ctx, &passkey))?;
    let device = permitted(describe_device_authorization::OPERATION.call(ctx, &device))?;
    let policy = permitted(describe_password_policy::OPERATION.call(ctx, &policy))?;
    let sessions = permitted(describe_session_settings::OPERATION.call(ctx, &sessions))?;
    Ok(Settings {
        mfa: permitted(describe_mfa_settings::OPERATION.call(ctx, &mfa))?,
        passkey: passkey.map(|reply| reply.status),
        device: device.map(|reply| reply.status),
        policy: policy.map(|reply| reply.0),
        sessions: sessions.map(|reply| reply.0),
    })
}

pub(crate) fn samples() -> Samples {
    let settings = || Settings {
        mfa: Ok(DescribeMfaSettingsReply {
            prompt_mode: PromptMode::ContextAware,
            allowed_mfa_types: AllowedMfaTypes::default(),
            no_mfa_sign_in_behavior: NoMfaSignInBehavior::RequireRegistration,
            no_password_sign_in_behavior: NoPasswordSignInBehavior::Blocked,
            allow_user_managed_devices: true,
        }),
        passkey: Ok(PasskeySignInStatus::Disabled),
        device: Ok(DeviceAuthorizationStatus::Enabled),
        policy: Ok(PasswordPolicy::default()),
        sessions: Ok(SessionSettings::default()),
    };
    let refused = || Err("your role may not call portico:DescribePasswordPolicy".to_owned());
    let view = |settings, is_done, complaint| {
        let console = Console::sample();
        render(&Authentication { console, settings, is_done, complaint, token: TOKEN })
    };
    let some = Settings { policy: refused(), ..settings() };
    vec![
        ("console-authentication", view(settings(), true, None)),
        ("console-authentication-complaint", view(some, false, Some("Nothing was changed."))),
    ]
}

/// Renders the page.
#[must_use]
pub fn render(view: &Authentication<'_>) -> Markup {
    let line =
        html! { "How the people of this instance sign in. A change holds from the next sign-in." };
    let settings = &view.settings;
    let work = html! {
        (head("Authentication", &line, &html! {}))
        @if view.is_done {
            div role="status" { (note(Weight::Good, &html! { p { "The setting is saved." } })) }
        }
        @if let Some(complaint) = view.complaint {
            (note(Weight::Refusal, &html! { p role="alert" { (complaint) } }))
        }
        (part("mfa", "Second factors", &settings.mfa, |mfa| second_factors(view, mfa)))
        (part("passkey", "Passkeys alone", &settings.passkey, |status| passkeys(view, *status)))
        (part("passwords", "Passwords", &settings.policy, |policy| passwords(view, *policy)))
        (part("sessions", "Sessions", &settings.sessions, |sessions| session_form(view, sessions)))
        (part("device", "Programs", &settings.device, |status| programs(view, *status)))
    };
    view.console.page("Authentication", PATH, &work)
}

fn part<T>(
    id: &str,
    title: &str,
    settings: &Permitted<T>,
    forms: impl FnOnce(&T) -> Markup,
) -> Markup {
    let content = match settings {
        Ok(settings) => body(&forms(settings)),
        Err(why) => refused(why),
    };
    panel(id, title, &html! {}, &content)
}

fn second_factors(view: &Authentication<'_>, mfa: &DescribeMfaSettingsReply) -> Markup {
    let types: Vec<&str> = mfa.allowed_mfa_types.iter().map(MfaType::as_str).collect();
    let managed = if mfa.allow_user_managed_devices { "true" } else { "false" };
    let must_manage = mfa.no_mfa_sign_in_behavior == NoMfaSignInBehavior::RequireRegistration;
    html! {
        (Choice {
            setting: "prompt-mode",
            title: "When people are asked",
            about: "Everybody who signs in with a password.",
            options: &[
                ("CONTEXT_AWARE", "At each sign-in, except for 30 days in a browser that the person calls their own"),
                ("ALWAYS_ON", "At each sign-in"),
                ("DISABLED", "Never"),
            ],
            chosen: mfa.prompt_mode.as_str(),
        }.render(PATH, view.token))
        (Choice {
            setting: "types",
            title: "What counts as a second factor",
            about: "People who have only devices of another type count as people without one.",
            options: &[
                (ALL_TYPES, "Authenticator apps and security keys"),
                ("WEBAUTHN", "Security keys and built-in authenticators only"),
                ("TOTP", "Authenticator apps only"),
            ],
            chosen: &types.join(","),
        }.render(PATH, view.token))
        (Choice {
            setting: "no-device",
            title: "People without a second factor",
            about: "Holds at their next sign-in with the right password.",
            options: &[
                ("REQUIRE_REGISTRATION", "Register one before they go on"),
                ("EMAIL_OTP", "Type a code that goes to their address; without an address they do not get in"),
                ("BLOCKED", "Do not get in"),
                ("ALLOWED", "Get in with the password alone"),
            ],
            chosen: mfa.no_mfa_sign_in_behavior.as_str(),
        }.render(PATH, view.token))
        @if must_manage {
            p class="soft" { "People manage their own devices while they must register one." }
        } @else {
            (Choice {
                setting: "self-managed",
                title: "Who manages devices",
                about: "People see their devices under My security in any case.",
                options: &[
                    ("true", "People add and remove their own, after a fresh proof"),
                    ("false", "Administrators only"),
                ],
                chosen: managed,
            }.render(PATH, view.token))
        }
        (Choice {
            setting: "no-password",
            title: "People without a password",
            about: "Users made by the API have none until they are invited.",
            options: &[
                ("BLOCKED", "Need an invitation or a one-time password"),
                ("EMAIL_OTP", "May ask at the sign-in page for a code by mail"),
            ],
            chosen: mfa.no_password_sign_in_behavior.as_str(),
        }.render(PATH, view.token))
    }
}

fn passkeys(view: &Authentication<'_>, status: PasskeySignInStatus) -> Markup {
    Choice {
        setting: "passkey",
        title: "Sign-in with a passkey alone",
        about: "People who registered a passkey. It verifies its owner and counts as both factors.",
        options: &[("ENABLED", "Offered on the sign-in page"), ("DISABLED", "Off")],
        chosen: status.as_str(),
    }
    .render(PATH, view.token)
}

fn programs(view: &Authentication<'_>, status: DeviceAuthorizationStatus) -> Markup {
    Choice {
        setting: "device",
        title: "Codes for programs on other machines",
        about: "Everybody who runs “aws sso login --use-device-code”, or a version that knows no other way.",
        options: &[
            ("ENABLED", "People may let a program in that shows a code, on whatever machine"),
            ("DISABLED", "Only programs on the machine of the browser"),
        ],
        chosen: status.as_str(),
    }
    .render(PATH, view.token)
}

fn passwords(view: &Authentication<'_>, policy: PasswordPolicy) -> Markup {
    let (length, reuse) = (policy.minimum_password_length, policy.password_reuse_prevention);
    html! {
        form method="post" action=(PATH) {
            (hidden(view.token, [("setting", "passwords")]))
            p class="soft" { "Holds for each new password. Passwords that people have stay good." }
            (Field::new("Minimum length, 8 to 64 characters", "password_length").value(&length.to_string()).length_max(2))
            (Field::new("Last passwords that are refused, 3 to 24", "password_reuse").value(&reuse.to_string()).length_max(2))
            button { "Save" span class="unseen" { " the rules for passwords" } }
        }
    }
}

fn session_form(view: &Authentication<'_>, sessions: &SessionSettings) -> Markup {
    let idle = sessions.inactivity_minutes.map(|minutes| minutes.to_string()).unwrap_or_default();
    html! {
        form method="post" action=(PATH) {
            (hidden(view.token, [("setting", "sessions")]))
            p class="soft" {
                "The length holds for sessions that begin from now on. The end by inactivity and the fresh proof hold for all."
            }
            (Field::new("Length in minutes, 15 to 129600", "session_minutes").value(&sessions.portal_session_minutes.to_string()).length_max(6))
            (Field::new("End after so many minutes without use, 5 to 43200; empty for never", "idle_minutes")
                .value(&idle).length_max(5).optional(true))
            fieldset class="kinds" {
                legend { strong { "A fresh proof" } }
                (tick("consent", "Ask for the password again before a program may act for a person", sessions.fresh_proof_for_consent))
                (tick("keys", "Ask for the password again before keys are shown", sessions.fresh_proof_for_keys))
            }
            button { "Save" span class="unseen" { " the settings of sessions" } }
        }
    }
}

fn tick(name: &str, label: &str, is_ticked: bool) -> Markup {
    html! {
        label {
            input type="checkbox" name=(name) value="true" checked[is_ticked] autocomplete="off";
            span { (label) }
        }
    }
}
