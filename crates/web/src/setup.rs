//! Pages of the first start: the set-up link, Enable, and what to do next.

use std::sync::Arc;

use kernel::credentials::authenticate::caller_of_token;
use kernel::credentials::operator::{ROLE_NAME, vend_operator_credentials};
use kernel::perform::retry;
use kernel::startup::{Standing, find_standing, is_setup_link_good};
use kernel::{Caller, Portico};
use maud::{Markup, PreEscaped, html};
use model::Fault;
use sign_in::redeem_setup_link::{self, RedeemSetupLinkRequest};
use sso_admin::create_instance::{self, CreateInstanceRequest};

use crate::console::open::{Center, Open, short_name};
use crate::cookies::Cookie;
use crate::page::Page;
use crate::page_error::Answer;
use crate::parts::copy::copy;
use crate::parts::frame::wide_column;
use crate::parts::hidden;
use crate::parts::surface::facts;
use crate::problem;
use crate::request_context::RequestContext;
use crate::sample::{
    ACCOUNT_ID, ENDPOINT_URL, INSTANCE_ARN, PORTAL_URL, START_URL, Samples, TOKEN,
};
use crate::snippets::client_url;

/// Lifetime of the keys of the console that the link opens.
const OPERATOR_MS: i64 = 60 * 60 * 1000;

/// `GET /setup`.
pub(crate) fn show_welcome(context: &RequestContext<'_>) -> Answer {
    let link = context.parameter("token")?;
    // A stranger with a guess learns nothing: not whether a link exists, nor what it would do.
    if !is_good(context, link)? {
        return Ok(problem::void_link());
    }
    let settings = &context.portico.settings;
    let view = Welcome {
        link,
        host: &settings.public_url,
        account_id: settings.management_account_id.as_str(),
        is_enabled: standing(context)?.instance_id.is_some(),
        token: &context.token(Cookie::Browser, "/setup"),
    };
    Ok(Page::html(200, render_welcome(&view)))
}

/// `POST /setup`: uses the link up, opens the console as the operator, and enables the instance.
pub(crate) fn submit_welcome(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Browser)?;
    let request = RedeemSetupLinkRequest { token: context.field("token")?.to_owned() };
    let stranger = Portico::anonymous();
    match redeem_setup_link::OPERATION.call(&context.ctx(&stranger), &request) {
        Err(Fault::Conflict { .. }) => return Ok(problem::void_link()),
        outcome => outcome?,
    }
    let itself = Portico::itself();
    let keys = vend_operator_credentials(&context.ctx(&itself), "set-up-link", OPERATOR_MS)?;
    let cookie =
        context.console_cookie((&keys.access_key_id, &keys.session_token), keys.expires_at_ms);
    let operator = caller_of_token(context.portico, &keys.access_key_id, &keys.session_token);
    let operator = operator.map_err(|rejection| rejection.fault().clone())?;
    // The link is used up and the console is open, even if enabling fails: the page that the browser is
    // then led to has the button again.
    let next = match (standing(context)?.instance_id, enable(context, &operator)) {
        (Some(_), _) => "/console",
        (None, Ok(())) => "/setup/next",
        (None, Err(_)) => "/setup/enable",
    };
    Ok(Page::redirect(next).with_cookie(cookie))
}

/// `GET /setup/enable`: redirects to the next page if the instance exists.
pub(crate) fn show_enable(open: &Open<'_>) -> Answer {
    let context = open.context;
    if standing(context)?.instance_id.is_some() {
        return Ok(Page::redirect("/setup/next"));
    }
    let settings = &context.portico.settings;
    let view = Enable {
        account_id: open.session.account.id.as_str(),
        region: &settings.region,
        portal_url: &format!("{}/start", settings.public_url),
        role_name: short_name(&open.session.role.role_name),
        token: &context.token(Cookie::Console, "/setup/enable"),
    };
    Ok(Page::html(200, render_enable(&view)))
}

/// `POST /setup/enable`: creates the instance.
pub(crate) fn submit_enable(context: &RequestContext<'_>) -> Answer {
    context.require_token(Cookie::Console)?;
    enable(context, &context.role()?)?;
    Ok(Page::redirect("/setup/next"))
}

/// Creates the instance unless it exists.
fn enable(context: &RequestContext<'_>, role: &Arc<Caller>) -> Result<(), Fault> {
    if standing(context)?.instance_id.is_some() {
        return Ok(());
    }
    let request = CreateInstanceRequest::default();
    match create_instance::OPERATION.call(&context.ctx(role), &request) {
        // Another operator was faster, or the button was pressed twice.
        Err(Fault::Conflict { .. }) if standing(context)?.instance_id.is_some() => Ok(()),
        outcome => outcome.map(drop),
    }
}

/// `GET /setup/next`.
pub(crate) fn show_next(center: &Center<'_>) -> Answer {
    let context = center.open.context;
    let instance = match &center.instance {
        Ok(Some(instance)) => instance,
        Ok(None) => return Ok(Page::redirect("/setup/enable")),
        // The console shows the refusal.
        Err(_) => return Ok(Page::redirect("/console/instance")),
    };
    let settings = &context.portico.settings;
    let view = Next {
        instance_arn: &instance.id.arn(),
        identity_store_id: instance.identity_store_id.as_str(),
        start_url: &standing(context)?.start_url,
        portal_url: &format!("{}/start", settings.public_url),
        endpoint_url: &client_url(&settings.public_url),
        region: &settings.region,
        account_id: center.open.session.account.id.as_str(),
        credential_process: settings.credential_process.as_deref(),
    };
    Ok(Page::html(200, render_next(&view)))
}

/// Finds whether the server has an instance. That is not a secret.
fn standing(context: &RequestContext<'_>) -> Result<Standing, Fault> {
    let itself = Portico::itself();
    // Portico asks for any visitor, so it leaves no event in its own name.
    retry(context.portico, || find_standing(&context.ctx(&itself)))
}

/// Tells whether the link with this secret can still be used.
fn is_good(context: &RequestContext<'_>, link: &str) -> Result<bool, Fault> {
    let itself = Portico::itself();
    retry(context.portico, || is_setup_link_good(&context.ctx(&itself), link))
}

pub(crate) fn welcome_samples() -> Samples {
    let view = Welcome {
        is_enabled: false,
        link: "s",
        host: "http://localhost:8080",
        account_id: ACCOUNT_ID,
        token: TOKEN,
    };
    let void = PreEscaped(problem::void_link().body.into_owned());
    vec![("setup-welcome", render_welcome(&view)), ("setup-void", void)]
}

pub(crate) fn enable_samples() -> Samples {
    let view = Enable {
        account_id: ACCOUNT_ID,
        region: "us-east-1",
        portal_url: PORTAL_URL,
        role_name: "PorticoOperator",
        token: TOKEN,
    };
    vec![("setup-enable", render_enable(&view))]
}

pub(crate) fn next_samples() -> Samples {
    let view = Next {
        instance_arn: INSTANCE_ARN,
        identity_store_id: "d-90678874c6",
        start_url: START_URL,
        portal_url: PORTAL_URL,
        endpoint_url: ENDPOINT_URL,
        region: "us-east-1",
        account_id: ACCOUNT_ID,
        credential_process: Some(
            "/usr/local/bin/portico admin credentials --data /var/lib/portico",
        ),
    };
    vec![("setup-next", render_next(&view))]
}

/// View of the page that the set-up link leads to.
pub struct Welcome<'a> {
    /// Secret of the link.
    pub link: &'a str,
    pub host: &'a str,
    pub account_id: &'a str,
    /// True if the organisation has its instance already.
    pub is_enabled: bool,
    pub token: &'a str,
}

/// `GET /setup`: says what the link does. Only the form does it.
#[must_use]
pub fn render_welcome(view: &Welcome<'_>) -> Markup {
    wide_column(
        "Set up Portico",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Set up Portico" }
                    p class="soft" { "This link was made by the server at " (view.host) "." }
                }
                @if view.is_enabled {
                    p { "Identity center is enabled for this organization. The link opens its console." }
                } @else {
                    p {
                        "Enable identity center for your organization: it makes the instance that holds your \
                         users, groups, permission sets and assignments, and the access portal where people sign in."
                    }
                }
                p {
                    "You act once, without a password, as the role " strong { (ROLE_NAME) }
                    " in the management account " span class="mono" { (view.account_id) } "."
                }
                p { "If you did not start the server yourself, close this page and tell the person who runs it." }
                form method="post" action="/setup" {
                    (hidden(view.token, [("token", view.link)]))
                    button class="primary" { @if view.is_enabled { "Open the console" } @else { "Enable" } }
                }
            }
            small { "The link works once. On the server's own host " code { "portico admin setup-link" } " makes another." }
        },
    )
}

/// View of the page with the button that creates the instance.
pub struct Enable<'a> {
    pub account_id: &'a str,
    pub region: &'a str,
    pub portal_url: &'a str,
    pub role_name: &'a str,
    pub token: &'a str,
}

/// `GET /setup/enable`.
#[must_use]
pub fn render_enable(view: &Enable<'_>) -> Markup {
    wide_column(
        "Enable identity center",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Enable identity center" }
                    p class="soft" { "One place where people sign in, and one where you say which account they may enter as what." }
                }
                (facts(&[
                    ("Management account", html! { span class="mono" { (view.account_id) } }),
                    ("Region", html! { (view.region) small { "what command lines are told; any other works too" } }),
                    ("Access portal", html! { (view.portal_url) }),
                    ("You act as", html! { (view.role_name) }),
                ]))
                p { "Enabling makes the organization's instance and its empty identity store. Nobody gets access by it." }
                form method="post" action="/setup/enable" {
                    (hidden(view.token, []))
                    button class="primary" { "Enable" }
                }
            }
        },
    )
}

/// Command for the operator's keys where the server does not know its folder.
const WITHOUT_PATH: &str = "portico admin credentials --data DIR";

/// View of the page that follows the creation of the instance.
pub struct Next<'a> {
    pub instance_arn: &'a str,
    pub identity_store_id: &'a str,
    pub start_url: &'a str,
    pub portal_url: &'a str,
    pub endpoint_url: &'a str,
    pub region: &'a str,
    pub account_id: &'a str,
    /// Command that prints the operator's keys on the server's host.
    pub credential_process: Option<&'a str>,
}

/// `GET /setup/next`.
#[must_use]
pub fn render_next(view: &Next<'_>) -> Markup {
    let Next { instance_arn, identity_store_id, endpoint_url, region, account_id, .. } = view;
    let credential_process = view.credential_process.unwrap_or(WITHOUT_PATH);
    let profile = format!(
        "[profile portico-operator]\n\
         credential_process = {credential_process}\n\
         region = {region}\n\
         endpoint_url = {endpoint_url}"
    );
    let user = format!(
        "export AWS_PROFILE=portico-operator\n\
         user=$(aws identitystore create-user \\\n  \
         --identity-store-id {identity_store_id} \\\n  \
         --user-name amelia --display-name \"Amelia Brandt\" \\\n  \
         --name GivenName=Amelia,FamilyName=Brandt \\\n  \
         --emails Value=amelia@example.com,Primary=true \\\n  \
         --query UserId --output text)"
    );
    let permission_set = format!(
        "permission_set=$(aws sso-admin create-permission-set \\\n  \
         --instance-arn {instance_arn} \\\n  \
         --name AdministratorAccess \\\n  \
         --query PermissionSet.PermissionSetArn --output text)\n\
         aws sso-admin attach-managed-policy-to-permission-set \\\n  \
         --instance-arn {instance_arn} \\\n  \
         --permission-set-arn \"$permission_set\" \\\n  \
         --managed-policy-arn arn:aws:iam::aws:policy/AdministratorAccess"
    );
    let assignment = format!(
        "aws sso-admin create-account-assignment \\\n  \
         --instance-arn {instance_arn} \\\n  \
         --permission-set-arn \"$permission_set\" \\\n  \
         --target-type AWS_ACCOUNT --target-id {account_id} \\\n  \
         --principal-type USER --principal-id \"$user\""
    );
    // No AWS operation makes a password, so the AWS CLI has no command for it. curl can sign requests.
    let password = format!(
        "(eval \"$(aws configure export-credentials --format env)\"\n\
         curl --aws-sigv4 aws:amz:{region}:portico \\\n  \
         --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \\\n  \
         -H \"X-Amz-Security-Token: $AWS_SESSION_TOKEN\" \\\n  \
         -H \"X-Amz-Target: PorticoAdmin.ResetUserPassword\" \\\n  \
         -H \"Content-Type: application/x-amz-json-1.1\" \\\n  \
         -d '{{\"IdentityStoreId\":\"{identity_store_id}\",\"Mode\":\"ONE_TIME_PASSWORD\",\"UserId\":\"'\"$user\"'\"}}' \\\n  \
         {endpoint_url}/)"
    );
    wide_column(
        "Identity center is enabled",
        &html! {
            div class="panel" {
                hgroup {
                    h1 { "Identity center is enabled" }
                    p class="soft" { "Next: a person, what they may do, and where. Five steps in one terminal." }
                }
                (facts(&[
                    ("Access portal", html! { a href="/start" { (view.portal_url) } }),
                    ("Start URL for command lines", html! { code { (view.start_url) } }),
                    ("Instance", html! { code { (instance_arn) } }),
                    ("Identity store", html! { code { (identity_store_id) } }),
                ]))
                ol class="steps" {
                    li { div {
                        h2 { "Give your terminal the operator's role" }
                        (copy("profile", "~/.aws/config, on the server's own host", &profile))
                        p class="soft" {
                            @if view.credential_process.is_none() { code { "DIR" } " is the folder that the server was started with. " }
                            "Your user on that host must be allowed to read the server’s data folder. The keys last an hour and renew themselves."
                        }
                    } }
                    li { div { h2 { "Add a user" } (copy("user", "Terminal", &user)) } }
                    li { div { h2 { "Make a permission set" } (copy("permission-set", "Terminal", &permission_set)) } }
                    li { div {
                        h2 { "Assign it" }
                        (copy("assignment", "Terminal", &assignment))
                    } }
                    li { div {
                        h2 { "Give them a first password" }
                        (copy("password", "Terminal", &password))
                        p class="soft" {
                            "It prints a password that is good once. With it Amelia signs in to the access portal, sets her own, \
                             and finds the account."
                        }
                    } }
                }
                div class="actions" { a class="button primary" href="/console" { "Go to the console" } }
            }
        },
    )
}
