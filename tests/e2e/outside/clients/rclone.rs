//! rclone, an S3 client that shares no code with the AWS ones, with the keys of a role.

use serde_json::json;

use super::home;
use crate::support::{Home, Keys, Organization, Portico, Request, Said, part, text};

/// The size in bytes above which rclone uploads and copies objects in parts.
const CUTOFFS: &[&str] = &["--s3-upload-cutoff=5Mi", "--s3-chunk-size=5Mi", "--s3-copy-cutoff=5Mi"];

const LARGE_BYTES: usize = 12 * 1024 * 1024 + 1;

/// A name with characters that are escaped in URLs, in XML and in signatures.
const ODD: &str = "odd & \"quoted\" +100% größer.txt";

/// A home whose rclone has a remote `store` with the keys of a role.
struct Computer {
    home: Home,
}

impl Computer {
    /// The keys are in the environment, as `aws configure export-credentials` sets it.
    fn with_environment(portico: &Portico, keys: &Keys) -> Self {
        let computer = Self { home: home(portico).with_keys(keys) };
        computer.configure(portico, "env_auth = true\n");
        computer
    }

    /// The keys are in rclone's own configuration.
    fn with_configuration(portico: &Portico, keys: &Keys) -> Self {
        let computer = Self { home: home(portico) };
        let lines = format!(
            "access_key_id = {}\nsecret_access_key = {}\nsession_token = {}\n",
            keys.id,
            keys.secret,
            keys.session_token.as_deref().unwrap()
        );
        computer.configure(portico, &lines);
        computer
    }

    fn configure(&self, portico: &Portico, lines: &str) {
        std::fs::create_dir_all(self.home.path().join(".config/rclone")).unwrap();
        let endpoint = portico.endpoint();
        let text = format!(
            "[store]\ntype = s3\nprovider = Other\nendpoint = {endpoint}\nregion = us-east-1\n{lines}"
        );
        self.home.write(".config/rclone/rclone.conf", &text);
    }

    fn rclone(&self, words: &[&str]) -> Said {
        // One attempt, so that the first refusal is reported.
        let few = ["--retries=1", "--low-level-retries=1"];
        self.home.client(&part("rclone")["RCLONE"], &[words, CUTOFFS, &few].concat())
    }

    /// The names and sizes of objects below a folder of the remote.
    fn list(&self, folder: &str) -> Vec<String> {
        let listed = self.rclone(&["lsf", "-R", "--files-only", "--format=ps", folder]).ok();
        let mut lines: Vec<String> = listed.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    }

    fn write(&self, file: &str, bytes: &[u8]) {
        std::fs::write(self.home.path().join(file), bytes).unwrap();
    }
}

/// Gives Alice a role with each managed policy, and answers with the keys of each.
fn roles<const N: usize>(portico: &Portico, policies: [&str; N]) -> [Keys; N] {
    let organization = Organization::of_sandbox(portico);
    let user = organization.create_user("alice");
    let name = |policy: &str| policy.rsplit('/').next().unwrap_or_default().to_owned();
    for policy in policies {
        let input = organization.of_instance(json!({ "Name": name(policy) }));
        let made = organization.call("SWBExternalService.CreatePermissionSet", &input).ok();
        let set = text(&made["PermissionSet"]["PermissionSetArn"]);
        let input = organization.of_instance(json!({
            "PermissionSetArn": set,
            "ManagedPolicyArn": format!("arn:aws:iam::aws:policy/{policy}"),
        }));
        organization.call("SWBExternalService.AttachManagedPolicyToPermissionSet", &input).ok();
        organization.assign("USER", &user, &organization.account, &set);
    }
    let line = organization.command_line(&mut organization.sign_in_first("alice", &user));
    policies.map(|policy| organization.role_keys(&line, &organization.account, &name(policy)))
}

/// The number of parts in which an object was uploaded.
fn parts(portico: &Portico, keys: &Keys, object: &str) -> u32 {
    let head = portico.send(&keys.sign("s3", Request::new("HEAD", object), portico));
    let etag = head.header("etag").unwrap_or_default().trim_matches('"');
    etag.split_once('-').map_or(1, |(_, parts)| parts.parse().unwrap())
}

/// Bytes that differ between all parts.
fn large() -> Vec<u8> {
    (0..LARGE_BYTES).map(|place| (place / 4093).to_le_bytes()[place % 3]).collect()
}

#[test]
fn rclone_keeps_folders_with_the_keys_of_a_role() {
    let portico = Portico::sandbox();
    let [keys] = roles(&portico, ["AdministratorAccess"]);
    let computer = Computer::with_environment(&portico, &keys);
    let rclone = |words: &[&str]| computer.rclone(words);

    std::fs::create_dir_all(computer.home.path().join("books/deep/er")).unwrap();
    computer.write("books/one.txt", b"Once upon a time\n");
    computer.write("books/deep/er/empty", b"");
    computer.write(&format!("books/{ODD}"), b"2");
    computer.write("books/large", &large());
    let books = [
        "deep/er/empty;0".to_owned(),
        format!("large;{LARGE_BYTES}"),
        format!("{ODD};1"),
        "one.txt;17".to_owned(),
    ];

    rclone(&["mkdir", "store:shelf"]).ok();
    assert!(rclone(&["lsd", "store:"]).ok().ends_with(" shelf\n"));
    rclone(&["copy", "books", "store:shelf/books"]).ok();
    assert_eq!(computer.list("store:shelf/books"), books);
    // The first check compares checksums, the second one the bytes.
    for words in [&["check"][..], &["check", "--download"]] {
        let checked = rclone(&[words, &["books", "store:shelf/books"]].concat());
        assert_eq!(checked.code, Some(0), "{checked}");
        assert!(checked.err.contains("0 differences found"), "{checked}");
    }
    assert_eq!(parts(&portico, &keys, "/shelf/books/large"), 3);
    let odd = format!("store:shelf/books/{ODD}");
    assert_eq!(rclone(&["cat", &odd]).ok(), "2");
    let piece = ["cat", "--offset=5", "--count=4", "store:shelf/books/one.txt"];
    assert_eq!(rclone(&piece).ok(), "upon");

    // rclone uploads a stream of unknown length in parts.
    let pipe = "printf 'As it comes' | \"$0\" rcat --streaming-upload-cutoff=0 store:shelf/stream";
    computer.home.client("sh", &["-c", pipe, &part("rclone")["RCLONE"]]).ok();
    assert_eq!(rclone(&["cat", "store:shelf/stream"]).ok(), "As it comes");

    rclone(&["copy", "store:shelf/books", "store:shelf/copies"]).ok();
    let checked = rclone(&["check", "store:shelf/books", "store:shelf/copies"]);
    assert!(checked.clone().ok().is_empty() && checked.err.contains("4 matching"), "{checked}");
    assert_eq!(parts(&portico, &keys, "/shelf/copies/large"), 3);
    rclone(&["moveto", "store:shelf/copies/large", "store:shelf/moved"]).ok();
    let left: Vec<&String> = books.iter().filter(|book| !book.starts_with("large")).collect();
    assert_eq!(computer.list("store:shelf/copies").iter().collect::<Vec<_>>(), left);
    rclone(&["copyto", "store:shelf/moved", "back"]).ok();
    assert!(std::fs::read(computer.home.path().join("back")).unwrap() == large());
    let link = rclone(&["link", "--expire=1m", &odd]).ok();
    assert_eq!(computer.home.client("curl", &["-sS", link.trim()]).ok(), "2");

    rclone(&["deletefile", "store:shelf/moved"]).ok();
    rclone(&["delete", "store:shelf/copies"]).ok();
    let mut kept = books.map(|book| format!("books/{book}")).to_vec();
    kept.push("stream;11".to_owned());
    assert_eq!(computer.list("store:shelf"), kept);
    std::fs::remove_file(computer.home.path().join("books/one.txt")).unwrap();
    rclone(&["sync", "books", "store:shelf/books"]).ok();
    assert_eq!(computer.list("store:shelf/books").len(), 3);
    rclone(&["purge", "store:shelf"]).ok();
    assert_eq!(rclone(&["lsd", "store:"]).ok(), "");
}

#[test]
fn rclone_is_refused_what_its_role_may_not_do() {
    let portico = Portico::sandbox();
    let policies = ["AdministratorAccess", "ReadOnlyAccess", "job-function/ViewOnlyAccess"];
    let [keys, reader, viewer] = roles(&portico, policies);
    let administrator = Computer::with_environment(&portico, &keys);
    administrator.write("letter", b"Dear reader,\n");
    administrator.rclone(&["copyto", "letter", "store:desk/letter"]).ok();

    let [reader, viewer] =
        [reader, viewer].map(|keys| Computer::with_configuration(&portico, &keys));
    assert_eq!(reader.rclone(&["cat", "store:desk/letter"]).ok(), "Dear reader,\n");
    assert_eq!(reader.list("store:desk"), ["letter;13"]);
    assert_eq!(viewer.list("store:desk"), ["letter;13"]);
    for computer in [&reader, &viewer] {
        computer.write("letter", b"Dear writer,\n");
        for words in [
            &["copyto", "letter", "store:desk/letter"][..],
            &["purge", "store:desk"],
            &["mkdir", "store:chair"],
        ] {
            assert_refused(computer, words);
        }
    }
    assert_refused(&reader, &["copyto", "store:desk/letter", "store:desk/copy"]);
    assert_refused(&reader, &["deletefile", "store:desk/letter"]);
    // rclone treats an object that it cannot read as a folder, and finds it empty.
    assert_eq!(viewer.rclone(&["cat", "store:desk/letter"]).out, "");
    assert_eq!(administrator.rclone(&["cat", "store:desk/letter"]).ok(), "Dear reader,\n");
    assert_eq!(administrator.list("store:desk"), ["letter;13"]);
}

#[track_caller]
fn assert_refused(computer: &Computer, words: &[&str]) {
    let said = computer.rclone(words);
    let is_refusal = said.err.contains("AccessDenied") || said.err.contains("403");
    assert!(said.code != Some(0) && is_refusal, "{words:?}: {said}");
}
