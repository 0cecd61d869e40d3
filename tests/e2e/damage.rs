//! Damaged data: a sentence that says what it is and what to do.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::{Installation, Portico, Request, Said};

/// A server that has served, with some people and an object.
fn served() -> Installation {
    let installation = Installation::embedded();
    fs::set_permissions(installation.data(), Permissions::from_mode(0o700)).unwrap();
    let portico = installation.serve();
    let keys = installation.operator();
    for (path, body) in [("/photos", &b""[..]), ("/photos/cat", b"meow")] {
        let request = Request::new("PUT", path).body(body);
        assert_eq!(portico.send(&keys.sign("s3", request, &portico)).status, 200);
    }
    assert!(portico.terminate().success());
    installation
}

fn database(installation: &Installation) -> PathBuf {
    installation.data().join("portico.sqlite")
}

fn run(command: &str, data: &Path, more: &[&str]) -> (Option<i32>, String) {
    let words = [&[command, "--data", data.to_str().unwrap()], more].concat();
    let output = Portico::run(&words);
    let said = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn a_sound_server_has_no_findings_while_it_runs_and_after() {
    let installation = served();
    for more in [&[][..], &["--full"]] {
        let portico = installation.serve();
        let (status, said) = run("check", installation.data(), more);
        assert_eq!(status, Some(0), "{said}");
        assert!(portico.terminate().success());
        let (status, said) = run("check", installation.data(), more);
        assert!(status == Some(0) && said.contains("Nothing is wrong."), "{said}");
    }
    let (status, said) = run("check", Path::new("/nowhere"), &[]);
    assert!(status == Some(2) && said.contains("is no data folder of Portico"), "{said}");
}

#[test]
fn a_start_refuses_a_file_that_cannot_be_its_database() {
    type Harm = fn(&Path);
    let harms: [(Harm, &str); 4] = [
        (
            |path| fs::write(path, b"").unwrap(),
            "is empty, and a server has served from this folder",
        ),
        (|path| fs::write(path, [7; 9000]).unwrap(), "is not an SQLite database"),
        (
            |path| {
                let whole = fs::read(path).unwrap();
                fs::write(path, &whole[..whole.len() / 2]).unwrap();
            },
            "it was cut off",
        ),
        (
            |path| {
                fs::remove_file(path).unwrap();
                let foreign = rusqlite::Connection::open(path).unwrap();
                foreign.execute_batch("CREATE TABLE recipe (name TEXT)").unwrap();
            },
            "is of another program: it has a table recipe",
        ),
    ];
    for (harm, words) in harms {
        let installation = served();
        harm(&database(&installation));
        let (status, said) = run("serve", installation.data(), &["--listen", "127.0.0.1:0"]);
        assert!(status == Some(1) && said.contains(words), "{words}: {said}");
        assert!(said.contains("portico restore"), "{said}");
        let (status, said) = run("check", installation.data(), &[]);
        assert_eq!(status, Some(1), "{words}: {said}");
    }
}

#[test]
fn a_server_that_meets_damage_is_not_ready_any_more() {
    let installation = served();
    let connection = rusqlite::Connection::open(database(&installation)).unwrap();
    let sql = "SELECT rootpage FROM sqlite_master WHERE name = 'bucket'";
    let page: usize = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(connection);
    let mut whole = fs::read(database(&installation)).unwrap();
    whole[(page - 1) * 4096..page * 4096].fill(0xA5);
    fs::write(database(&installation), whole).unwrap();

    let portico = installation.serve();
    assert_eq!(portico.send(&Request::get("/readyz")).status, 200);
    let keys = installation.operator();
    let request = Request::get("/");
    assert_eq!(portico.send(&keys.sign("s3", request, &portico)).status, 500);
    assert_eq!(portico.send(&Request::get("/readyz")).status, 503);
    assert!(portico.log().contains("the file of the database is damaged"), "{}", portico.log());
    let (status, said) = run("check", installation.data(), &[]);
    assert!(status == Some(1) && said.contains("the database is damaged ("), "{said}");
}

#[test]
fn files_of_objects_that_are_missing_short_or_other_are_findings() {
    let installation = served();
    let shards = fs::read_dir(installation.data().join("objects")).unwrap();
    let mut files = shards.flat_map(|shard| fs::read_dir(shard.unwrap().path()).unwrap());
    let file = files.next().unwrap().unwrap().path();
    for (bytes, more, words) in [
        (Some(&b"me"[..]), &[][..], "has 2 bytes, and its object has 4"),
        (Some(b"woof"), &["--full"], "has other bytes than were stored"),
        (None, &[], "is missing, and an object has its bytes there"),
    ] {
        match bytes {
            Some(bytes) => fs::write(&file, bytes).unwrap(),
            None => fs::remove_file(&file).unwrap(),
        }
        let (status, said) = run("check", installation.data(), more);
        assert!(status == Some(1) && said.contains(words), "{words}: {said}");
        assert!(said.contains("put the file back from a backup, or delete the object"), "{said}");
    }
    // A backup of it would not be whole.
    let place = tempfile::tempdir().unwrap();
    let words = ["backup", place.path().to_str().unwrap()];
    let said = installation.run(&words).complaint();
    assert!(said.contains("is missing, and an object has its bytes there"), "{said}");
}

#[test]
fn a_stored_reply_that_is_no_json_spoils_no_list() {
    let installation = Installation::embedded();
    let portico = installation.serve();
    let organization = crate::support::Organization::of(&portico, installation.operator());
    for name in ["ann", "bob", "cid"] {
        organization.create_user(name);
    }
    let connection = rusqlite::Connection::open(database(&installation)).unwrap();
    let sql = "UPDATE identity_user SET shown = substr(shown, 1, 50) WHERE user_name = 'bob'";
    assert_eq!(connection.execute(sql, []).unwrap(), 1);
    let input = organization.of_store(serde_json::json!({}));
    let listed = organization.call("AWSIdentityStore.ListUsers", &input).ok();
    let names: Vec<&str> = listed["Users"]
        .as_array()
        .unwrap()
        .iter()
        .map(|user| user["UserName"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["ann", "bob", "cid"]);
}

#[test]
fn a_key_of_another_server_is_a_finding() {
    let installation = served();
    fs::write(installation.data().join("portico.key"), [7; 32]).unwrap();
    let (status, said) = run("check", installation.data(), &[]);
    assert_eq!(status, Some(1), "{said}");
    let said =
        Said::from(Portico::run(&["serve", "--data", installation.data().to_str().unwrap()]));
    said.complaint();
}
