//! Error messages of the command line: each says what is wrong and what to do.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::net::UnixStream;
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
    let serve = &["serve", "--listen", "127.0.0.1:0"];
    for words in [&["admin", "credentials"][..], &["audit", "verify"], serve] {
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
    for url in ["postgres://me:hush@127.0.0.1/x?keepalives=often", "mysql://me:hush@x/y"] {
        let serve = ["serve", "--listen", "127.0.0.1:0", "--data", text(&data)];
        let said = complaint(&[&serve[..], &["--database", url]].concat());
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
        (&["--s3-domain", "http://x"], "'--s3-domain <HOST>': it must be a domain name"),
        (&["--region", "mars"], "'--region <REGION>': it must have the form of a Region of AWS"),
        (&["--queue-max", "0"], "'--queue-max <NUMBER>': it must be a number from 1 to 65535"),
        (&["--s3-upload-days", "x"], "it must be a number from 1 to 65535"),
        (
            &["--trusted-proxy", "10.0.0.0/0"],
            "'--trusted-proxy <ADDRESS>': it must be the IP address",
        ),
        (
            &["sandbox", "--listen", "0.0.0.0:0"],
            "Say `--listen 127.0.0.1:0`, or run `portico serve`",
        ),
        (&["sandbox", "--access-key", "x"], "ID:SECRET"),
        (&["admin", "credentials", "--duration", "5"], "from 900 to 43200"),
        (&["admin", "credentials", "--duration", "1h"], "a number of seconds from 900 to 43200"),
        (&["audit", "export", "--from", "soon"], "--from must be a moment such as"),
        (&["audit", "export", "--from", "2027-01-31T08:00:00Z", "--to", "x"], "--to must be"),
        (&["--config", "/"], "--config must be a TOML file"),
        (&["--config", "/nowhere.toml"], "--config must be a TOML file"),
        (&["--metrics-token-file", "/nowhere"], "--metrics-token-file must be a file"),
        (&["--data", "/proc/x"], "give another --data"),
        (&["--trusted-proxy", "10.0.0.1/8"], "or 10.0.0.0/8 for the whole network"),
        (&["--public-url", "https://me@sso.example.com"], "without a path or a user"),
        (&["--public-url", "https://*.example.com"], "such as https://sso.example.com"),
        (
            &["--public-url", "https://sso.example.com", "--s3-domain", "example.com"],
            "such as s3.sso.example.com",
        ),
        (&["server"], "similar"),
    ] {
        let said = complaint(arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
}

#[test]
fn a_log_level_that_is_none_is_refused_with_the_list() {
    for command in ["serve", "sandbox"] {
        let arguments = [command, "--listen", "127.0.0.1:0"];
        let output = Portico::run_in(&[("PORTICO_LOG", "verbose")], &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{said}");
        assert!(
            said.contains("PORTICO_LOG") && said.contains("off, error, warn, info, debug"),
            "{said}"
        );
    }
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let (_home, data) = served();
    let names =
        ["DATABASE", "CONFIG", "PUBLIC_URL", "INSECURE_HTTP"].map(|it| format!("PORTICO_{it}"));
    let empty: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let output = Portico::run_in(&empty, &["admin", "setup-link", "--data", &data]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let every = [
        "LISTEN",
        "DATABASE",
        "CONFIG",
        "PUBLIC_URL",
        "REGION",
        "ACCOUNT",
        "S3_DOMAIN",
        "TRUSTED_PROXIES",
        "ALLOW_HOSTS",
        "METRICS_TOKEN_FILE",
        "S3_UPLOAD_DAYS",
        "S3_DELETED_HOURS",
        "QUEUE_MAX",
        "LOG",
        "DATA",
    ];
    let names = every.map(|it| format!("PORTICO_{it}"));
    let mut variables: Vec<_> = names.iter().map(|name| (name.as_str(), "")).collect();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    variables.push(("PORTICO_LISTN", "127.0.0.1:1"));
    let output = Portico::run_in(&variables, &["serve", "--listen", &address]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("Another program uses this port"), "{said}");
    assert!(said.contains("PORTICO_LISTN") && !said.contains("PORTICO_LOG"), "{said}");
}

#[test]
fn a_set_up_link_leads_nowhere_that_a_server_would_refuse() {
    let (_home, data) = served();
    let link = ["admin", "setup-link", "--data", &data, "--public-url", "http://foo.example"];
    assert!(complaint(&link).contains("--insecure-http"));
    let output = Portico::run(&[&link[..], &["--insecure-http"]].concat());
    assert!(output.stdout.starts_with(b"http://foo.example/setup?token="), "{output:?}");
}

#[test]
fn a_key_file_that_is_empty_says_what_to_do() {
    let (_home, data) = served();
    std::fs::write(Path::new(&data).join("portico.key"), "").unwrap();
    let said = complaint(&["serve", "--data", &data, "--listen", "127.0.0.1:0"]);
    assert!(said.contains("restore it from your backup"), "{said}");
}

#[test]
fn a_configuration_that_everybody_reads_is_told_before_its_database_is_tried() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("portico.toml");
    std::fs::write(&config, "database = 'mysql://me:hush@x/y'").unwrap();
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o644)).unwrap();
    let data = home.path().join("data");
    let arguments = ["serve", "--config", text(&config), "--data", text(&data)];
    let output = Portico::run(&[&arguments[..], &["--listen", "127.0.0.1:0"]].concat());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        !output.status.success() && said.contains("other users of this machine may read"),
        "{said}"
    );
}

#[test]
fn what_a_server_prints_can_be_pasted_even_if_paths_have_blanks() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("my data");
    let portico = Portico::serve_in(&data, &[]);
    let line = portico.printed.iter().find_map(|line| line.strip_prefix("# credential_process = "));
    let keys = std::process::Command::new("sh").args(["-c", line.unwrap()]).output().unwrap();
    assert!(keys.status.success(), "{keys:?}");
    let keys: serde_json::Value = serde_json::from_slice(&keys.stdout).unwrap();
    assert_eq!(keys["Version"], 1);
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
    visitor.open(&old).assert_says("portico admin setup-link");
    let page = visitor.open(new);
    visitor.press(&page, "/setup").assert_says("Identity center is enabled");
}

#[test]
fn all_void_set_up_links_look_the_same_and_tell_nothing() {
    let portico = Portico::serve();
    let used = portico.set_up_path();
    let mut operator = Visitor::of(&portico);
    let look = |target: &str| {
        let page = Visitor::of(&portico).open(target);
        (page.answer.status, page.text_without_nonce())
    };
    let wrong = format!("/setup?token={}", "A".repeat(43));
    let before = look(&wrong);
    assert_eq!(before.0, 403, "{}", before.1);
    assert!(before.1.contains("This set-up link is void"), "{}", before.1);
    let page = operator.open(&used);
    operator.press(&page, "/setup");
    for target in [&used, &wrong, "/setup", "/setup?token=", "/setup?token=x"] {
        assert_eq!(look(target), before, "{target}");
    }
}

/// The mode and the text of the file with the set-up link.
fn link_file(data: &Path) -> Option<(u32, String)> {
    let path = data.join("setup-link");
    let mode = std::fs::metadata(&path).ok()?.permissions().mode() & 0o777;
    Some((mode, std::fs::read_to_string(&path).unwrap()))
}

#[test]
fn the_set_up_link_is_in_a_file_for_as_long_as_it_is_good() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let portico = Portico::serve_in(&data, &[]);
    let printed = format!("{}{}\n", portico.url(), portico.set_up_path());
    assert_eq!(link_file(&data), Some((0o600, printed.clone())));
    // Its end does not depend on that of the server.
    assert!(portico.terminate().success());
    assert_eq!(link_file(&data), Some((0o600, printed)));

    let portico = Portico::serve_in(&data, &[]);
    let output = Portico::run(&["admin", "setup-link", "--data", text(&data)]);
    let link = String::from_utf8(output.stdout).unwrap();
    assert_eq!(link_file(&data), Some((0o600, link.clone())));
    let mut visitor = Visitor::of(&portico);
    let page = visitor.open(link.trim().strip_prefix(portico.url()).unwrap());
    assert_eq!(visitor.press(&page, "/setup").target, "/setup/next");
    assert!(portico.terminate().success());
    assert_eq!(link_file(&data), None);

    // A link of an instance that is set up opens the console. A start forgets its file.
    let output = Portico::run(&["admin", "setup-link", "--data", text(&data)]);
    assert!(output.status.success());
    assert!(link_file(&data).is_some());
    let portico = Portico::serve_in(&data, &[]);
    assert_eq!(link_file(&data), None);
    drop(portico);
}

/// systemd passes its journal as the output, and says so.
#[test]
fn the_set_up_link_is_not_written_to_the_journal() {
    let home = tempfile::tempdir().unwrap();
    let data = home.path().join("data");
    let (journal, output) = UnixStream::pair().unwrap();
    let file = std::fs::File::from(OwnedFd::from(output));
    let metadata = file.metadata().unwrap();
    let mut server = std::process::Command::new(Portico::binary())
        .args(["serve", "--data", text(&data), "--listen", "127.0.0.1:0"])
        .env("JOURNAL_STREAM", format!("{}:{}", metadata.dev(), metadata.ino()))
        .stdout(file)
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(journal).lines().map_while(Result::ok);
    let printed: Vec<String> = lines.take_while(|line| !line.starts_with("ready ")).collect();
    server.kill().unwrap();
    server.wait().unwrap();
    let printed = printed.join("\n");
    assert!(printed.contains(&format!("sudo cat {}/setup-link", data.display())), "{printed}");
    assert!(!printed.contains("token="), "{printed}");
    assert!(link_file(&data).is_some_and(|(_, link)| link.contains("/setup?token=")));
}
