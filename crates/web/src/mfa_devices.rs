//! Pages "Your second factors": the devices of the person who is signed in, and their removal.

use kernel::Caller;
use maud::{Markup, html};
use model::Fault;
use model::ids::MfaDeviceId;
use model::mfa::{MfaDevice, MfaDeviceName, MfaType};
use portal::describe_portal::{self, PortalReply};
use protocol::form::write_pairs;
use sign_in::own_devices::{
    LIST, ListOwnMfaDevicesRequest, OwnMfaDevices, REMOVE, RENAME, RemoveOwnMfaDeviceRequest,
    RenameOwnMfaDeviceRequest,
};

use crate::address;
use crate::cookies::Cookie;
use crate::devices_path::AFTER_BYPASS;
pub(crate) use crate::devices_path::PATH;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::frame::{self, Bar, column, head};
use crate::parts::surface::{Weight, empty, note, panel};
use crate::parts::table::table;
use crate::parts::when::moment;
use crate::parts::{hidden, none, written};
use crate::prove_identity;
use crate::request_context::RequestContext;
use crate::sample::{NOW, Samples, TOKEN};

const RENAME_PATH: &str = "/security/devices/rename";
const REMOVE_PATH: &str = "/security/devices/remove";
pub(crate) const ADD_PATH: &str = "/security/devices/add";
pub(crate) const ADD_KEY_PATH: &str = "/security/devices/add-key";

/// View of the list.
pub struct Devices<'a> {
    pub bar: Bar<'a>,
    pub devices: &'a [Device],
    pub may_manage: bool,
    /// True if the person has proved themselves lately.
    pub is_fresh: bool,
    /// What the person may add.
    pub addable: &'a [MfaType],
    /// What the person has as many of as allowed.
    pub full: &'a [MfaType],
    /// Where a person goes on who was let in once without the second factor that they lost.
    pub after_bypass: Option<&'a str>,
    /// Complaint about a name that was typed.
    pub complaint: Option<&'a str>,
    pub rename_token: &'a str,
}

/// Second factor.
pub struct Device {
    pub id: String,
    pub name: String,
    pub mfa_type: MfaType,
    pub created_at_ms: i64,
    pub last_used_at_ms: Option<i64>,
}

/// View of the question before a removal.
pub struct RemoveDevice<'a> {
    pub device: &'a Device,
    /// True if the person has no other device.
    pub is_last: bool,
    pub token: &'a str,
}

impl From<MfaDevice> for Device {
    fn from(device: MfaDevice) -> Self {
        Self {
            id: device.id.to_string(),
            name: device.name.to_string(),
            mfa_type: device.mfa_type,
            created_at_ms: device.created_at_ms,
            last_used_at_ms: device.last_used_at_ms,
        }
    }
}

/// `GET /security/devices`.
pub(crate) fn show(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    page(context, &person, 200, None)
}

/// `POST /security/devices/rename`.
pub(crate) fn submit_rename(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let id: MfaDeviceId = address::required(&context.form, "device", "device")?;
    let Ok(name) = context.field("name")?.trim().parse::<MfaDeviceName>() else {
        let complaint = "A name has 1 to 64 visible characters. Nothing was changed.";
        return page(context, &person, 422, Some(complaint));
    };
    RENAME.call(&context.ctx(&person), &RenameOwnMfaDeviceRequest { id, name })?;
    Ok(Page::redirect(PATH))
}

/// `GET /security/devices/remove`: asks before a device is removed.
pub(crate) fn show_remove(context: &RequestContext<'_>) -> Answer {
    let person = context.person()?;
    let id: MfaDeviceId = address::required(&context.query, "device", "device")?;
    let own = LIST.call(&context.ctx(&person), &ListOwnMfaDevicesRequest)?;
    if !own.may_manage || !own.is_fresh {
        return Ok(Page::redirect(PATH));
    }
    let is_last = own.devices.len() == 1;
    let Some(device) = own.devices.into_iter().find(|device| device.id == id) else {
        return Err(Fault::not_found(model::PorticoEntity::MfaDevice, &id).into());
    };
    let token = &context.token(Cookie::Session, REMOVE_PATH);
    let view = RemoveDevice { device: &device.into(), is_last, token };
    Ok(Page::html(200, render_remove(&view)))
}

/// `POST /security/devices/remove`.
pub(crate) fn submit_remove(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Session)?;
    let person = context.person()?;
    let id: MfaDeviceId = address::required(&context.form, "device", "device")?;
    REMOVE.call(&context.ctx(&person), &RemoveOwnMfaDeviceRequest { id })?;
    Ok(Page::redirect(PATH))
}

fn page(
    context: &RequestContext<'_>,
    person: &std::sync::Arc<Caller>,
    status: u16,
    complaint: Option<&str>,
) -> Answer {
    let ctx = context.ctx(person);
    let portal: PortalReply = describe_portal::OPERATION.call(&ctx, &())?;
    let OwnMfaDevices { devices, may_manage, is_fresh, addable, full } =
        LIST.call(&ctx, &ListOwnMfaDevicesRequest)?;
    let devices: Vec<Device> = devices.into_iter().map(Device::from).collect();
    let sign_out_token = context.token(Cookie::Session, "/sign-out");
    let view = Devices {
        bar: Bar::of_portal(&portal, &sign_out_token),
        devices: &devices,
        may_manage,
        is_fresh,
        addable: &addable,
        full: &full,
        after_bypass: context.return_to(context.parameter(AFTER_BYPASS)?),
        complaint,
        rename_token: &context.token(Cookie::Session, RENAME_PATH),
    };
    Ok(Page::html(status, render(&view)))
}

fn some_devices() -> Vec<Device> {
    let device = |number: u32, name: &str, mfa_type, last_used_at_ms| Device {
        id: format!("0f3c2a1b-5d4e-4c80-9b1a-2f6e8d7c5b{number}"),
        name: name.to_owned(),
        mfa_type,
        created_at_ms: NOW - 40 * 24 * 3_600_000,
        last_used_at_ms,
    };
    vec![
        device(10, "Amelia’s phone", MfaType::Totp, Some(NOW - 3_600_000)),
        device(11, "Key on the key ring", MfaType::Webauthn, None),
    ]
}

pub(crate) fn samples() -> Samples {
    let devices = some_devices();
    let view = |devices: &[Device], may_manage, is_fresh, complaint: Option<&str>| {
        // One sample has as many authenticator apps as a person may have.
        let (addable, full): (&[MfaType], &[MfaType]) = match complaint {
            Some(_) => (&[MfaType::Webauthn], &[MfaType::Totp]),
            None => (&MfaType::ALL, &[]),
        };
        render(&Devices {
            bar: Bar::sample_of_portal(),
            devices,
            may_manage,
            is_fresh,
            addable,
            full,
            after_bypass: complaint.is_some().then_some("/start"),
            complaint,
            rename_token: TOKEN,
        })
    };
    vec![
        ("devices", view(&devices[..], true, true, Some("A name has 1 to 64 visible characters."))),
        ("devices-old-session", view(&devices[..], true, false, None)),
        ("devices-managed", view(&devices[..], false, true, None)),
        ("devices-none", view(&[], true, true, None)),
    ]
}

/// Samples of the question before a removal.
pub(crate) fn remove_samples() -> Samples {
    let devices = some_devices();
    let sample = |device| render_remove(&RemoveDevice { device, is_last: true, token: TOKEN });
    devices.first().map(|device| ("device-remove", sample(device))).into_iter().collect()
}

/// Renders the list.
#[must_use]
pub fn render(view: &Devices<'_>) -> Markup {
    let line = html! { "What you show beside your password when you sign in. Have two, so that you can lose one." };
    let changes = view.may_manage && view.is_fresh;
    let add = html! {
        @if changes {
            div class="actions" {
                (add_button(view, MfaType::Webauthn, ADD_KEY_PATH, "Add a security key"))
                (add_button(view, MfaType::Totp, ADD_PATH, "Add an authenticator app"))
            }
        }
    };
    let work = html! {
        (head("Your second factors", &line, &add))
        @if let Some(return_to) = view.after_bypass { (excused(view, return_to)) }
        @if let Some(complaint) = view.complaint { (note(Weight::Refusal, &html! { p role="alert" { (complaint) } })) }
        @if !view.may_manage {
            (note(Weight::Plain, &html! { p { "The administrators of your organisation manage the second factors. Ask them to change one." } }))
        } @else if !view.is_fresh {
            (note(Weight::Plain, &html! {
                p {
                    "To change something here, "
                    a href=(prove_identity::leading_to(PATH)) { "show again that it is you" }
                    ". It counts for five minutes."
                }
            }))
        }
        @if changes {
            @for mfa_type in view.full {
                (note(Weight::Plain, &html! { p id=(full_id(*mfa_type)) { (full_words(*mfa_type)) } }))
            }
        }
        (panel("devices", "Devices", &html! {}, &list(view, changes)))
    };
    frame::portal("Your second factors", &view.bar, &work)
}

/// Renders the way to one more device of a type. Where there is no room for one it is disabled, and the page says why.
fn add_button(view: &Devices<'_>, mfa_type: MfaType, path: &str, words: &str) -> Markup {
    let class = if mfa_type == MfaType::Totp { "button primary" } else { "button" };
    html! {
        @if view.addable.contains(&mfa_type) { a class=(class) href=(path) { (words) } }
        @else if view.full.contains(&mfa_type) {
            button type="button" disabled aria-describedby=(full_id(mfa_type)) { (words) }
        }
    }
}

fn full_id(mfa_type: MfaType) -> &'static str {
    match mfa_type {
        MfaType::Totp => "full-apps",
        MfaType::Webauthn => "full-keys",
    }
}

fn full_words(mfa_type: MfaType) -> String {
    let what = match mfa_type {
        MfaType::Totp => "authenticator apps",
        MfaType::Webauthn => "security keys and built-in authenticators",
    };
    format!(
        "You have {} {what}, as many as a person may have. Remove one to add another.",
        mfa_type.devices_max()
    )
}

/// Tells a person what happened who was let in once without the second factor that they lost.
fn excused(view: &Devices<'_>, return_to: &str) -> Markup {
    note(
        Weight::Warning,
        &html! {
            p {
                strong { "You were let in without your second factor, once." }
                " Your administrator allowed it, because you lost the device or cannot use it. "
                @if view.may_manage { "Add another one now, and remove the one that you lost: the next sign-in asks for it." }
                @else { "Let your administrator set up another one with you: the next sign-in asks for it." }
            }
            p { a href=(return_to) { "Go on without a change" } }
        },
    )
}

fn list(view: &Devices<'_>, changes: bool) -> Markup {
    if view.devices.is_empty() {
        return empty(
            "No second factor yet",
            &html! { p { "With one, somebody who has learnt your password still cannot be you." } },
        );
    }
    let heads = ["Name", "Kind", "Registered", "Last used", "Change"];
    let heads = if changes { &heads[..] } else { &heads[..4] };
    table("Devices", heads, view.devices.iter().map(|device| row(view, device, changes)))
}

fn row(view: &Devices<'_>, device: &Device, changes: bool) -> Vec<Markup> {
    let kind = match device.mfa_type {
        MfaType::Totp => "Authenticator app",
        MfaType::Webauthn => "Security key or built-in authenticator",
    };
    let mut cells = vec![
        written(&device.name),
        html! { (kind) },
        html! { span class="soft" { (moment(device.created_at_ms)) } },
        html! { span class="soft" { @match device.last_used_at_ms { Some(at_ms) => (moment(at_ms)), None => (none()) } } },
    ];
    if changes {
        cells.push(html! {
            form class="actions" method="post" action=(RENAME_PATH) {
                (hidden(view.rename_token, [("device", device.id.as_str())]))
                input name="name" value=(device.name) maxlength="64" autocomplete="off" required
                    aria-label={ "Name of " (device.name) };
                button { "Rename" }
                a class="button" href={ (REMOVE_PATH) "?" (write_pairs([("device", device.id.as_str())])) }
                    aria-label={ "Remove " (device.name) } { "Remove" }
            }
        });
    }
    cells
}

/// Renders the question before a removal.
#[must_use]
pub fn render_remove(view: &RemoveDevice<'_>) -> Markup {
    column(
        "Remove this device?",
        &html! {
            div class="panel" {
                h1 { "Remove “" (written(&view.device.name)) "”?" }
                p {
                    "It does not let you in any more. All browsers that you called your own ask for a second factor again. \
                     Your sessions go on."
                }
                @if view.is_last {
                    (note(Weight::Warning, &html! {
                        p { "It is your only one. Your organisation may ask you to register another at the next sign-in, or not let you in." }
                    }))
                }
                form method="post" action=(REMOVE_PATH) {
                    (hidden(view.token, [("device", view.device.id.as_str())]))
                    div class="answers" {
                        a class="button" href=(PATH) { "Keep it" }
                        button { "Remove device" }
                    }
                }
            }
        },
    )
}
