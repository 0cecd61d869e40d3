//! Invitations over a real mail server, in Chromium by keyboard and without scripts, and on two servers of one database.

use serde_json::json;

use crate::invitations::{NEW, invite, link_in, user_with_address};
use crate::support::{Database, Home, Organization, Portico, Visitor, text};

use super::mail::{Server, organization, serve};
use super::nodes::second;
use super::pages::walk;

#[test]
fn an_invitation_by_mail_is_accepted_by_keyboard_and_without_scripts() {
    let (server, data) = (Server::started("none"), tempfile::tempdir().unwrap());
    let portico = serve(data.path(), &format!("smtp://127.0.0.1:{}", server.port), &[]);
    let organization = organization(&portico, data.path(), &[]);
    let mut home = Home::of(&portico);
    for (number, name) in [(1, "grace"), (2, "ada")] {
        let user = user_with_address(&organization, name);
        invite(&organization, &user).ok();
        let mail = server.taken(number);
        assert_eq!(mail["to"], json!([format!("{name}@example.com")]));
        assert!(text(&mail["html"]).contains("Accept invitation"), "{mail}");
        home = home.set(&name.to_uppercase(), &link_in(&text(&mail["text"])));
    }
    walk(
        home,
        &portico,
        "let page = await visitor(browser, faults);
        await page.goto(url + process.env.GRACE);
        await look(page, faults);
        await page.keyboard.type('weak');
        await page.keyboard.press('Enter');
        await page.getByLabel('Confirm password').fill('weak');
        await page.keyboard.press('Enter');
        await page.getByRole('alert').first().waitFor();
        await look(page, faults);
        await page.getByLabel('New password').focus();
        await page.keyboard.type(password);
        await page.getByLabel('Confirm password').focus();
        await page.keyboard.type(password);
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.waitForURL('**/start');
        await page.goto(url + process.env.GRACE);
        await look(page, faults);
        if (!(await page.getByText('This link is not good any more').count())) faults.push('a used link');
        await page.goto(url + '/forgot-password');
        // The page puts the focus there itself, a moment after it has loaded.
        await page.getByLabel('Username').focus();
        await page.keyboard.type('grace');
        await page.keyboard.press('Enter');
        await page.getByText('Look into your mail').first().waitFor();
        await look(page, faults);
        page = await visitor(browser, faults, { javaScriptEnabled: false });
        await page.goto(url + process.env.ADA);
        await page.getByLabel('New password').fill(password);
        await page.getByLabel('Confirm password').fill(password);
        await page.getByRole('button', { name: 'Set password' }).click();
        await page.waitForURL('**/start');",
    );
    let mail = server.taken(3);
    assert_eq!(mail["to"], json!(["grace@example.com"]));
    assert!(text(&mail["text"]).contains("Set another password: "), "{mail}");
}

#[test]
fn of_two_servers_that_take_one_link_at_once_one_does() {
    let database = Database::create();
    let url = database.url.as_str();
    let first = Portico::serve_on(&database);
    let folder = tempfile::tempdir().unwrap();
    let second = second(folder.path(), &first, url);
    let data = first.data();
    let arguments = ["--data", data.to_str().unwrap(), "--database", url];
    let organization = Organization::of(&first, Organization::operator(&arguments));
    for round in 0..5 {
        let user = user_with_address(&organization, &format!("grace-{round}"));
        let id = text(&invite(&organization, &user).ok()["MessageId"]);
        // Without a mail server an administrator hands the message over.
        let message = organization.of_store(json!({ "MessageId": id }));
        let shown = organization.call("PorticoAdmin.GetMessage", &message).ok();
        let link = link_in(&text(&shown["Text"]));
        let statuses = std::thread::scope(|scope| {
            let accept = |portico: &'_ Portico| {
                let mut browser = Visitor::of(portico);
                let page = browser.open(&link);
                browser.submit(&page, &NEW).answer.status
            };
            let threads = [&first, &second].map(|portico| scope.spawn(move || accept(portico)));
            let mut statuses = threads.map(|thread| thread.join().unwrap());
            statuses.sort_unstable();
            statuses
        });
        assert_eq!(statuses, [200, 403]);
    }
}
