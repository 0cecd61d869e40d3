//! Other users of the machine and the data folder.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use crate::support::{Installation, Portico};

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn a_server_makes_private_files_in_a_private_folder() {
    let portico = Portico::serve();
    let data = portico.data();
    assert_eq!(mode(&data), 0o700);
    let mut files = 0;
    for entry in fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        files += 1;
    }
    assert!(files >= 4, "{files}");
    assert!(!portico.log().contains("other users"), "{}", portico.log());
}

#[test]
fn a_key_or_a_url_that_others_may_write_stops_every_command() {
    let installation = Installation::embedded();
    installation.serve().terminate();
    let key = installation.data().join("portico.key");
    let lock = installation.data().join("portico.lock");
    let data = installation.data().to_str().unwrap();
    for (file, bad, remedy) in [
        (&key, 0o640, format!("chmod u=rw,go= {}", key.display())),
        (&key, 0o602, format!("chmod u=rw,go= {}", key.display())),
        (&lock, 0o620, format!("chmod go-w {}", lock.display())),
    ] {
        set_mode(file, bad);
        let commands = [&["serve", "--listen", "127.0.0.1:0"][..], &["admin", "setup-link"]];
        for command in commands {
            let output = Portico::run(&[command, &["--data", data]].concat());
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(!output.status.success() && said.contains(&remedy), "{command:?} {said}");
        }
        set_mode(file, 0o600);
    }
    set_mode(&key, 0o644);
    let said = Portico::run(&["admin", "credentials", "--data", data]);
    assert!(!said.status.success() && said.stdout.is_empty());
    let said = Portico::run(&["audit", "verify", "--data", data]);
    assert!(!said.status.success() && said.stdout.is_empty());
    set_mode(&key, 0o400);
    installation.run(&["audit", "verify"]).ok();
}

#[test]
fn a_folder_or_a_database_that_others_may_reach_is_told_in_the_log() {
    let installation = Installation::embedded();
    installation.serve().terminate();
    let database = installation.data().join("portico.sqlite");
    set_mode(installation.data(), 0o777);
    set_mode(&database, 0o644);
    let portico = installation.serve();
    let log = portico.log();
    for words in [
        format!("other users of this machine may write {0}: run `chmod u=rwx,go= {0}`", {
            installation.data().display()
        }),
        format!("other users of this machine may read {0}: run `chmod u=rw,go= {0}`", {
            database.display()
        }),
    ] {
        assert!(log.contains(&words), "{words}\n{log}");
    }
}
