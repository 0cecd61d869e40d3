//! Error messages of the command line: each says what is wrong and what to do.

use std::net::TcpListener;
use std::path::Path;

use crate::support::{Portico, Visitor};

/// The standard error of a command that must fail.
fn complaint(arguments: &[&str]) -> String {
    let output = Portico::run(arguments);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "{arguments:?} went well: {said}");
    // Log lines of the server are not part of the message.
    said.lines().filter(|line| !line.starts_with('{')).collect::<Vec<_>>().join("\n")
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A data folder in which a server has run once.
fn served() -> (tempfile::TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    let data = text(&home.path().join("data")).to_owned();
    Portico::serve_in(Path::new(&data), &[]).terminate();
    (home, data)
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_made() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let said = complaint(&["serve", "--data", text(&data), "--listen", &address]);
    assert!(said.contains(&address) && said.contains("--listen 127.0.0.1:8081"), "{said}");
    assert!(!data.join("portico.key").exists());
    let said = complaint(&["sandbox", "--listen", &address]);
    assert!(said.contains("Another program uses this port"), "{said}");
}

#[test]
fn a_second_server_on_a_folder_is_refused() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let _first = Portico::serve_in(&data, &[]);
    let said = complaint(&["serve", "--data", text(&data), "--listen", "127.0.0.1:0"]);
    assert!(said.contains("another Portico serves from"), "{said}");
}

#[test]
fn a_file_is_no_data_folder() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    std::fs::write(&data, "").unwrap();
    let said = complaint(&["serve", "--data", text(&data)]);
    assert!(said.contains("is no folder: give another --data"), "{said}");
}

#[test]
fn a_command_without_its_servers_data_says_what_to_give() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let said = complaint(&["admin", "credentials", "--data", text(&data)]);
    assert!(said.contains("is no data folder of Portico"), "{said}");
    assert!(said.contains("portico serve --data"), "{said}");
    assert!(!data.exists());
}

// The server of this folder has its data in PostgreSQL. It would refuse keys of another organization
// with an error that does not explain the mistake.
#[test]
fn a_key_file_without_its_database_gets_no_new_one() {
    let (_home, data) = served();
    let database = Path::new(&data).join("portico.sqlite");
    std::fs::remove_file(&database).unwrap();
    for words in [&["admin", "credentials"][..], &["audit", "verify"], &["serve"]] {
        let said = complaint(&[words, &["--data", &data]].concat());
        assert!(said.contains("give the same --database"), "{said}");
        assert!(!database.exists(), "{words:?}");
    }
}

#[test]
fn an_export_whose_reader_has_enough_ends_well() {
    let (_home, data) = served();
    let mut command = std::process::Command::new(Portico::binary());
    command.args(["audit", "export", "--data", &data]);
    command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_wrong_database_url_is_told_without_its_password() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("postgres://me:hush@{closed}/x"), "mysql://me:hush@x/y".to_owned()] {
        let said = complaint(&["serve", "--data", text(&data), "--database", &url]);
        assert!(said.contains("postgres://USER:PASSWORD@HOST:PORT/DATABASE"), "{said}");
        assert!(!said.contains("hush"), "{said}");
        assert!(!data.join("portico.key").exists());
    }
}

#[test]
fn wrong_arguments_are_told_with_a_right_one() {
    for (arguments, words) in [
        (&["serve", "--listen", "8080"][..], "such as 127.0.0.1:8080"),
        (&["serve", "--public-url", "sso.example.com"], "such as https://sso.example.com"),
        (&["serve", "--public-url", "http://sso.example.com"], "--insecure-http"),
        (&["serve", "--account", "12"], "--account must"),
        (&["sandbox", "--listen", "0.0.0.0:0"], "on this machine alone"),
        (&["sandbox", "--access-key", "x"], "ID:SECRET"),
        (&["admin", "credentials", "--duration", "5"], "900..=43200"),
        (&["server"], "similar"),
    ] {
        let said = complaint(arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_set_up_link_that_was_used_says_how_to_get_another_and_that_one_works() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let portico = Portico::serve_in(&data, &[]);
    let old = portico.set_up_path();
    let output = Portico::run(&["admin", "setup-link", "--data", text(&data)]);
    let link = String::from_utf8(output.stdout).unwrap();
    let new = link.trim().strip_prefix(portico.url()).unwrap();

    let mut visitor = Visitor::of(&portico);
    let page = visitor.open(&old);
    visitor.press(&page, "/setup").assert_says("portico admin setup-link");
    let page = visitor.open(new);
    visitor.press(&page, "/setup").assert_says("Identity center is enabled");
}
