//! Writes every page with sample data to a folder, to be looked at without a server:
//! `cargo run -p web --example gallery -- FOLDER`.
//!
//! One file, because it is nothing but samples.

#![expect(clippy::unwrap_used, reason = "a tool stops at the first surprise")]

use std::fs;
use std::path::Path;

use maud::Markup;
use web::access_keys::{AccessKeys, KeysShown};
use web::asker::Asker;
use web::consent::{Consent, Way};
use web::console::{
    Console, Listed, accounts, assignments, groups, home, instance, permission_sets, users,
};
use web::device::Device;
use web::new_password::NewPassword;
use web::open_console::OpenConsole;
use web::parts::frame::Bar;
use web::parts::person::SignedIn;
use web::portal::{Account, Portal};
use web::problem::Problem;
use web::setup::{Enable, Next, Welcome};
use web::sign_in::SignIn;
use web::snippets::{Endpoint, Keys, Role, Shell};

/// 2026-11-24T08:12:30Z.
const NOW: i64 = 1_795_507_950_000;
const HOUR: i64 = 3_600_000;
const START_URL: &str = "https://d-90678874c6.awsapps.com/start";
const TOKEN: &str = "0123456789abcdef0123456789abcdef0123456789a";

fn main() {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/gallery".to_owned());
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets")).unwrap();
    for (path, text) in web::files() {
        fs::write(folder.join(path.trim_start_matches('/')), text).unwrap();
    }
    let pages = at_the_door()
        .into_iter()
        .chain(at_the_start())
        .chain(in_the_portal())
        .chain(in_the_console());
    for (name, page) in pages {
        fs::write(folder.join(format!("{name}.html")), page.into_string()).unwrap();
    }
}

fn asker(is_same_address: bool) -> Asker<'static> {
    Asker {
        client_name: "botocore-client-test",
        address: if is_same_address { "10.20.4.17" } else { "203.0.113.99" },
        is_same_address,
        asked_at_ms: NOW - 20_000,
        now_ms: NOW,
    }
}

fn person() -> SignedIn<'static> {
    SignedIn { who: "amelia.brandt", return_to: "/device", sign_out_token: TOKEN }
}

fn at_the_door() -> Vec<(&'static str, Markup)> {
    let sign_in = |for_program, user_name, complaint| {
        let (host, return_to, token) = ("https://sso.northwind.example", "/start", TOKEN);
        let place = Some("Northwind-Rail");
        web::sign_in::render(&SignIn {
            host,
            place,
            for_program,
            user_name,
            return_to,
            complaint,
            token,
        })
    };
    let password = |complaint, confirm_complaint| {
        let (user_name, return_to, ticket, token) = ("amelia.brandt", "/start", "t", TOKEN);
        web::new_password::render(&NewPassword {
            user_name,
            return_to,
            ticket,
            complaint,
            confirm_complaint,
            token,
        })
    };
    let device = |code, asker, complaint| {
        web::device::render(&Device { code, asker, complaint, person: person(), token: TOKEN })
    };
    let scopes = ["sso:account:access".to_owned()];
    let consent = |by| {
        web::consent::render(&Consent {
            client_name: "botocore-client-test",
            by,
            scopes: &scopes,
            person: person(),
            action: "/device/answer",
            values: &[("user_code", "GENM-XADQ")],
            token: TOKEN,
        })
    };
    let wrong = "That username and password do not belong together. Check both and try again.";
    vec![
        ("sign-in", sign_in(false, "", None)),
        ("sign-in-wrong", sign_in(true, "amelia.brandt", Some(wrong))),
        ("new-password", password(None, None)),
        ("new-password-weak", password(Some("The password must have a digit."), None)),
        ("device", device("GENM-XADQ", Some(asker(true)), None)),
        ("device-empty", device("", None, None)),
        (
            "device-unknown",
            device(
                "GENM-XADX",
                None,
                Some(
                    "No program waits with this code, or its ten minutes are over. Start again in your terminal.",
                ),
            ),
        ),
        ("consent-device", consent(Way::Device { code: "GENM-XADQ", asker: asker(true) })),
        ("consent-stranger", consent(Way::Device { code: "GENM-XADQ", asker: asker(false) })),
        (
            "consent-redirect",
            consent(Way::Redirect { to: "http://127.0.0.1:50123/oauth/callback" }),
        ),
        ("approved", web::consent::render_approved("botocore-client-test")),
        ("denied", web::consent::render_denied("botocore-client-test")),
        ("signed-out", web::signed_out::render()),
        (
            "open-console",
            web::open_console::render(&OpenConsole {
                account_id: "299712345678",
                account_name: "Rail production",
                role_name: "AdministratorAccess",
                token: TOKEN,
            }),
        ),
    ]
}

fn at_the_start() -> Vec<(&'static str, Markup)> {
    vec![
        (
            "setup-welcome",
            web::setup::render_welcome(&Welcome {
                is_enabled: false,
                link: "s",
                host: "http://localhost:8080",
                account_id: "299712345678",
                token: TOKEN,
            }),
        ),
        (
            "setup-enable",
            web::setup::render_enable(&Enable {
                account_id: "299712345678",
                region: "us-east-1",
                portal_url: "http://localhost:8080/start",
                role_name: "PorticoOperator",
                token: TOKEN,
            }),
        ),
        (
            "setup-next",
            web::setup::render_next(&Next {
                instance_arn: "arn:aws:sso:::instance/ssoins-72230a1b2c3d4e5f",
                identity_store_id: "d-90678874c6",
                start_url: START_URL,
                portal_url: "http://localhost:8080/start",
                endpoint_url: "http://127.0.0.1:8080",
                region: "us-east-1",
                account_id: "299712345678",
            }),
        ),
        (
            "problem",
            web::problem::render(&Problem {
                title: "Something went wrong",
                words: "This is a fault of the server, not yours. It was written to the log. Try again; if it stays, give your administrator this request ID.",
                way: ("Go to the access portal", "/start"),
                request_id: Some("5b0c1a52-9f1f-4d4e-8a51-0d7f5a3c2e11"),
            }),
        ),
    ]
}

fn bar() -> Bar<'static> {
    Bar {
        home: "/start",
        place: "Northwind Rail",
        who: "amelia.brandt",
        way: None,
        leave: "Sign out",
        sign_out: "/sign-out",
        sign_out_token: TOKEN,
    }
}

fn account(id: &str, name: &str, email: &str, roles: &[&str]) -> Account {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Account { id: id.to_owned(), name: name.to_owned(), email: email.to_owned(), roles }
}

fn in_the_portal() -> Vec<(&'static str, Markup)> {
    let accounts = [
        account(
            "299712345678",
            "Rail production",
            "ops@northwind.example",
            &["AdministratorAccess", "ReadOnlyAccess"],
        ),
        account("410298765432", "Rail staging", "staging@northwind.example", &["PowerUserAccess"]),
        account(
            "508811223344",
            "Timetable archive (Ceph, Oslo)",
            "archive@northwind.example",
            &["ArchiveReader"],
        ),
    ];
    let many: Vec<Account> = (10..35)
        .map(|n| {
            account(
                &format!("2997123456{n}"),
                &format!("Depot {n}"),
                &format!("depot-{n}@northwind.example"),
                &["ReadOnlyAccess"],
            )
        })
        .collect();
    let portal = |accounts, query, next_token| {
        let (is_first, signed_in_until_ms, now_ms) = (true, NOW + 8 * HOUR, NOW);
        web::portal::render(&Portal {
            bar: bar(),
            accounts,
            query,
            is_first,
            next_token,
            signed_in_until_ms,
            now_ms,
        })
    };
    let token = "IQoJb3JpZ2luX2VjEJr//////////".repeat(30);
    let keys = Keys {
        access_key_id: "ASIAUZ4KQ7X2MEXAMPLE",
        secret_access_key: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        session_token: &token,
    };
    let access_keys = |shell, keys| {
        web::access_keys::render(&AccessKeys {
            bar: bar(),
            account_name: "Rail production",
            role: Role { account_id: "299712345678", name: "AdministratorAccess" },
            endpoint: Endpoint {
                url: "http://127.0.0.1:8080",
                s3_url: None,
                region: "us-east-1",
                start_url: START_URL,
            },
            shell,
            keys,
            now_ms: NOW,
            token: TOKEN,
        })
    };
    vec![
        ("portal", portal(&accounts, "", None)),
        ("portal-empty", portal(&[], "", None)),
        ("portal-many", portal(&many, "", Some("next"))),
        ("portal-found", portal(&accounts[..1], "production", None)),
        ("portal-nothing", portal(&[], "kubernetes", None)),
        ("access-keys", access_keys(Shell::Posix, None)),
        (
            "access-keys-shown",
            access_keys(Shell::PowerShell, Some(KeysShown { keys, end_at_ms: NOW + HOUR })),
        ),
    ]
}

fn console(is_management: bool) -> Console<'static> {
    let bar = Bar {
        home: "/console",
        place: "Rail production · 299712345678",
        who: "AdministratorAccess/amelia.brandt",
        way: Some(("Access portal", "/start")),
        leave: "Close console",
        sign_out: "/console/sign-out",
        sign_out_token: TOKEN,
    };
    Console { bar, is_management }
}

fn listed<T>(rows: Vec<T>) -> Listed<T> {
    Listed { rows, next_token: None, is_first: true }
}

fn in_the_console() -> Vec<(&'static str, Markup)> {
    let home = |is_management, buckets| {
        home::render(&home::Home {
            console: console(is_management),
            account_name: "Rail production",
            account_id: "299712345678",
            session_name: "amelia.brandt",
            session_arn: "arn:aws:sts::299712345678:assumed-role/AWSReservedSSO_AdministratorAccess_3f2a9c1b7e5d4c80/amelia.brandt",
            role_arn: "arn:aws:iam::299712345678:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_AdministratorAccess_3f2a9c1b7e5d4c80",
            access_key_id: "ASIAUZ4KQ7X2MEXAMPLE",
            ends_at_ms: NOW + HOUR,
            now_ms: NOW,
            buckets,
        })
    };
    let buckets = ["timetables", "track-sensors-2026", "photographs"]
        .map(|name| home::Bucket { name: name.to_owned(), created_at_ms: NOW - 40 * 24 * HOUR });
    let denial = "User: arn:aws:sts::299712345678:assumed-role/AWSReservedSSO_Auditor_3f2a9c1b7e5d4c80/amelia.brandt is not authorized to perform: identitystore:ListUsers on resource: arn:aws:identitystore::299712345678:identitystore/d-90678874c6 because no identity-based policy allows the identitystore:ListUsers action";
    let instance = instance::Instance {
        name: None,
        arn: "arn:aws:sso:::instance/ssoins-72230a1b2c3d4e5f".to_owned(),
        identity_store_id: "d-90678874c6".to_owned(),
        owner_account_id: "299712345678".to_owned(),
        start_url: START_URL.to_owned(),
        is_active: true,
        created_at_ms: NOW - 400 * HOUR,
    };
    let instance_page = |instance| {
        instance::render(&instance::InstancePage {
            console: console(true),
            instance,
            region: "us-east-1",
            portal_url: "http://localhost:8080/start",
            lines: "export AWS_ENDPOINT_URL=\"http://127.0.0.1:8080\"",
        })
    };
    vec![
        ("console-home", home(true, Ok(listed(buckets.into())))),
        ("console-home-empty", home(false, Ok(listed(Vec::new())))),
        ("console-instance", instance_page(Ok(Some(instance)))),
        ("console-instance-none", instance_page(Ok(None))),
        (
            "console-users",
            users::render(&users::Users { console: console(true), users: Ok(some_users()) }),
        ),
        (
            "console-users-refused",
            users::render(&users::Users { console: console(true), users: Err(denial.to_owned()) }),
        ),
        (
            "console-users-empty",
            users::render(&users::Users { console: console(true), users: Ok(listed(Vec::new())) }),
        ),
        (
            "console-groups",
            groups::render(&groups::Groups {
                console: console(true),
                groups: Ok(listed(some_groups())),
            }),
        ),
        (
            "console-permission-sets",
            permission_sets::render(&permission_sets::PermissionSets {
                console: console(true),
                permission_sets: Ok(listed(some_sets())),
            }),
        ),
        (
            "console-accounts",
            accounts::render(&accounts::Accounts {
                console: console(true),
                accounts: Ok(listed(some_accounts())),
            }),
        ),
        ("console-assignments", some_assignments()),
    ]
}

fn some_users() -> Listed<users::User> {
    let user = |user_name: &str, display_name: &str, is_enabled| users::User {
        id: "0f3c2a1b-5d4e-4c80-9b1a-2f6e8d7c5b4a".to_owned(),
        user_name: user_name.to_owned(),
        display_name: display_name.to_owned(),
        email: Some(format!("{user_name}@northwind.example")),
        is_enabled,
    };
    let rows = vec![
        user("amelia.brandt", "Amelia Brandt", true),
        user("b.okafor", "Bisi Okafor", true),
        user("d.moreau", "Délphine Moreau", false),
    ];
    Listed { rows, next_token: Some("n".to_owned()), is_first: false }
}

fn some_groups() -> Vec<groups::Group> {
    let group = |name: &str, description: Option<&str>| groups::Group {
        id: "0f3c2a1b-5d4e-4c80-9b1a-2f6e8d7c5b4a".to_owned(),
        display_name: name.to_owned(),
        description: description.map(str::to_owned),
        created_at_ms: NOW,
    };
    vec![group("AdministratorAccess", Some("Run the platform")), group("Auditors", None)]
}

fn some_sets() -> Vec<permission_sets::PermissionSet> {
    let set = |name: &str, description: Option<&str>, hours: i64| permission_sets::PermissionSet {
        arn: "arn:aws:sso:::permissionSet/ssoins-72230a1b2c3d4e5f/ps-0a1b2c3d4e5f6a7b".to_owned(),
        name: name.to_owned(),
        description: description.map(str::to_owned),
        session_seconds: hours * 3600,
        created_at_ms: NOW,
    };
    vec![set("AdministratorAccess", Some("Everything"), 1), set("ReadOnlyAccess", None, 12)]
}

fn some_accounts() -> Vec<accounts::Account> {
    let account = |id: &str, name: &str, is_management| accounts::Account {
        id: id.to_owned(),
        name: name.to_owned(),
        email: "ops@northwind.example".to_owned(),
        is_management,
        joined_at_ms: NOW,
    };
    vec![
        account("299712345678", "Rail production", true),
        account("410298765432", "Rail staging", false),
    ]
}

fn some_assignments() -> Markup {
    let assignee = |name: &str, is_group| assignments::Assignee { name: name.to_owned(), is_group };
    let set = |name: &str, principals| assignments::Assigned {
        permission_set: name.to_owned(),
        principals: Ok(principals),
        has_more: false,
    };
    assignments::render(&assignments::Assignments {
        console: console(true),
        account_id: "410298765432",
        account_name: "Rail staging",
        permission_sets: Ok(listed(vec![
            set(
                "AdministratorAccess",
                vec![assignee("Platform", true), assignee("amelia.brandt", false)],
            ),
            set("ReadOnlyAccess", vec![assignee("Auditors", true)]),
        ])),
    })
}
