//! `portico backup` and `portico restore`, beside a server that is written to.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::support::{Installation, Keys, Organization, Portico, Request, Said};

/// What a server holds, and how to look for it.
struct Scene {
    installation: Installation,
    elsewhere: tempfile::TempDir,
}

impl Scene {
    fn new() -> Self {
        Self { installation: Installation::embedded(), elsewhere: tempfile::tempdir().unwrap() }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.elsewhere.path().join(name)
    }

    fn backup(&self, more: &[&str]) -> Said {
        let place = self.at("backup");
        self.installation.run(&[&["backup", place.to_str().unwrap()], more].concat())
    }

    fn restore(&self, to: &Path) -> Said {
        let key = self.installation.data().join("portico.key");
        let (place, key) = (self.at("backup"), key.to_str().unwrap().to_owned());
        let place = place.to_str().unwrap();
        Portico::run(&["restore", place, "--data", to.to_str().unwrap(), "--key", &key]).into()
    }
}

fn s3(portico: &Portico, keys: &Keys, method: &str, path: &str, body: &[u8]) -> (u16, Vec<u8>) {
    let request = Request::new(method, path).body(body);
    let answer = portico.send(&keys.sign("s3", request, portico));
    (answer.status, answer.body)
}

/// A write that was answered, and when.
struct Acknowledged {
    name: String,
    at_ms: i64,
}

#[expect(clippy::disallowed_methods, reason = "a client has a clock of its own")]
fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis().try_into().unwrap()
}

/// The end that a command printed.
fn end_ms(said: &str) -> i64 {
    let (_, end) = said.split_once("was answered before ").unwrap();
    protocol::timestamp::parse_rfc_3339(end.split_once(' ').unwrap().0).unwrap()
}

#[test]
fn a_backup_under_writes_has_every_write_before_its_end_and_the_bytes_of_every_object() {
    let scene = Scene::new();
    let portico = scene.installation.serve();
    let organization = Organization::of(&portico, scene.installation.operator());
    let keys = scene.installation.operator();
    assert_eq!(s3(&portico, &keys, "PUT", "/photos", b"").0, 200);
    for key in 0..20 {
        s3(&portico, &keys, "PUT", &format!("/photos/{key}"), b"before");
    }
    let mut acknowledged = Vec::new();
    let mut write = |number: usize| {
        let name = format!("user-{number}");
        organization.create_user(&name);
        s3(&portico, &keys, "PUT", &format!("/photos/{}", number % 20), b"after");
        s3(&portico, &keys, "PUT", &format!("/photos/{name}"), name.as_bytes());
        acknowledged.push(Acknowledged { name, at_ms: now_ms() });
    };
    (0..5).for_each(&mut write);
    let said = thread::scope(|scope| {
        let backup = scope.spawn(|| scene.backup(&[]).ok());
        let mut number = 5;
        while !backup.is_finished() {
            write(number);
            number += 1;
        }
        backup.join().unwrap()
    });
    assert!(said.contains("The key is not in it"), "{said}");
    let before_begin = 5;
    let end_ms = end_ms(&said);
    acknowledged.retain(|write| write.at_ms < end_ms);
    assert!(acknowledged.len() > before_begin, "{}", acknowledged.len());
    assert!(portico.terminate().success());

    let data = scene.at("data");
    scene.restore(&data).ok();
    let restored = Portico::serve_in(&data, &[]);
    let operator = || Organization::operator(&["--data", data.to_str().unwrap()]);
    let organization = Organization::of(&restored, operator());
    let keys = operator();
    for Acknowledged { name, .. } in acknowledged {
        let input = serde_json::json!({"AlternateIdentifier": {"UniqueAttribute":
            {"AttributePath": "userName", "AttributeValue": name}}});
        organization.call("AWSIdentityStore.GetUserId", &organization.of_store(input)).ok();
        let found = s3(&restored, &keys, "GET", &format!("/photos/{name}"), b"");
        assert_eq!(found, (200, name.into_bytes()));
    }
    for key in 0..20 {
        let (status, body) = s3(&restored, &keys, "GET", &format!("/photos/{key}"), b"");
        let is_whole = body == b"before" || body == b"after";
        assert!(status == 200 && is_whole, "{key} {status}");
    }
    drop(restored);
    let data = data.to_str().unwrap();
    Said::from(Portico::run(&["check", "--data", data])).ok();
    Said::from(Portico::run(&["audit", "verify", "--data", data])).ok();
}

#[test]
fn a_backup_is_private_and_goes_on_where_it_was_cut_off() {
    let scene = Scene::new();
    let portico = scene.installation.serve();
    let keys = scene.installation.operator();
    s3(&portico, &keys, "PUT", "/photos", b"");
    for key in 0..5 {
        s3(&portico, &keys, "PUT", &format!("/photos/{key}"), b"bytes");
    }
    let said = scene.backup(&[]).ok();
    assert!(said.contains("5 of them new"), "{said}");
    // What a crash before the manifest leaves.
    fs::remove_file(scene.at("backup/manifest.json")).unwrap();
    s3(&portico, &keys, "PUT", "/photos/5", b"bytes");
    s3(&portico, &keys, "DELETE", "/photos/0", b"");
    let said = scene.backup(&["--with-key"]).ok();
    assert!(said.contains("1 of them new") && said.contains("It has portico.key too"), "{said}");
    assert_eq!(files(&scene.at("backup/objects")).len(), 5);
    for path in files(&scene.at("backup")) {
        assert_eq!(path.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{path:?}");
    }
    assert_eq!(scene.at("backup").metadata().unwrap().permissions().mode() & 0o777, 0o700);
    // Nothing of the former backup is left.
    assert_eq!(fs::read_dir(scene.at("backup")).unwrap().count(), 5);
    let data = scene.at("data");
    let (place, to) = (scene.at("backup"), data.to_str().unwrap().to_owned());
    Said::from(Portico::run(&["restore", place.to_str().unwrap(), "--data", &to])).ok();
    assert_eq!(files(&data.join("objects")).len(), 5);
}

#[test]
fn a_place_with_other_files_and_a_folder_that_is_not_empty_are_refused() {
    let scene = Scene::new();
    scene.installation.serve().terminate();
    fs::create_dir(scene.at("backup")).unwrap();
    fs::write(scene.at("backup/letter.txt"), "").unwrap();
    let said = scene.backup(&[]).complaint();
    assert!(said.contains("is no backup and has other files, such as letter.txt"), "{said}");
    let said = scene.restore(&scene.at("data")).complaint();
    assert!(said.contains("it has no manifest.json, which a backup writes last"), "{said}");
    fs::remove_file(scene.at("backup/letter.txt")).unwrap();
    scene.backup(&[]).ok();
    let said = scene.restore(scene.installation.data()).complaint();
    assert!(said.contains("is not empty"), "{said}");
    let within = scene.installation.data().join("backup");
    let said = scene.installation.run(&["backup", within.to_str().unwrap()]).complaint();
    assert!(said.contains("is in the data folder"), "{said}");
}

#[test]
fn a_damaged_backup_and_a_wrong_key_are_refused_and_a_restore_goes_on() {
    let scene = Scene::new();
    let portico = scene.installation.serve();
    let keys = scene.installation.operator();
    s3(&portico, &keys, "PUT", "/photos", b"");
    for key in 0..3 {
        s3(&portico, &keys, "PUT", &format!("/photos/{key}"), b"bytes");
    }
    scene.backup(&[]).ok();
    let damaged = files(&scene.at("backup/objects")).pop().unwrap();
    fs::write(&damaged, b"other").unwrap();
    let data = scene.at("data");
    let said = scene.restore(&data).complaint();
    assert!(said.contains("is not what the backup wrote"), "{said}");
    // No server starts on half of it.
    let to = data.to_str().unwrap();
    let said = Said::from(Portico::run(&["serve", "--data", to])).complaint();
    assert!(said.contains("a restore into") && said.contains("was cut off"), "{said}");
    fs::write(&damaged, b"bytes").unwrap();
    scene.restore(&data).ok();
    assert!(!data.join("restore-unfinished").exists());

    let (key, other) = (scene.at("key"), scene.at("other"));
    fs::write(&key, [7; 32]).unwrap();
    let place = scene.at("backup");
    let words = ["restore", place.to_str().unwrap(), "--data", other.to_str().unwrap()];
    let said = Said::from(Portico::run(&[&words[..], &["--key", key.to_str().unwrap()]].concat()));
    let said = said.complaint();
    assert!(said.contains("is not the key of this backup"), "{said}");
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}
