//! docs/operate/backup.md to the letter, with PostgreSQL: its shell lines are read from the page and run.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::support::{
    Database, Installation, Keys, Organization, Portico, Request, Said, search_path,
};

const PAGE: &str = include_str!("../../../docs/operate/backup.md");

/// The lines of shell of a section of the page.
fn shell_lines(section: &str) -> Vec<String> {
    let begin = format!("\n## {section}\n");
    let text = PAGE.split_once(&begin).unwrap().1;
    let text = text.split("\n## ").next().unwrap();
    // Four blanks begin a block, and seven one within a list.
    let lines = text.lines().filter_map(|line| {
        let within = line.strip_prefix("       ").or_else(|| line.strip_prefix("    "))?;
        (!within.starts_with(' ')).then(|| within.to_owned())
    });
    lines.collect()
}

/// Where the words of the page are in this test.
struct Letter {
    folder: PathBuf,
    database: String,
    restored_name: String,
}

impl Letter {
    fn restored(&self) -> String {
        format!("{}/{}", self.database.rsplit_once('/').unwrap().0, self.restored_name)
    }

    fn run(&self, lines: &[String], data: &Path, database: &str) {
        for line in lines {
            let line = line
                .replace("portico_restored", &self.restored_name)
                .replace("/var/lib/portico", data.to_str().unwrap())
                .replace("/backup", self.folder.join("backup").to_str().unwrap())
                .replace("/safe", self.folder.join("safe").to_str().unwrap());
            let path = format!("{}:{}", self.folder.join("bin").display(), search_path());
            let said: Said = Command::new("sh")
                .args(["-ec", &line])
                .env_clear()
                .env("PATH", path)
                .env("PORTICO_DATABASE", database)
                .env("POSTGRES", &self.database)
                .output()
                .unwrap()
                .into();
            said.ok();
        }
    }
}

fn put(portico: &Portico, keys: &Keys, path: &str, body: &[u8]) {
    let request = Request::new("PUT", path).body(body);
    assert_eq!(portico.send(&keys.sign("s3", request, portico)).status, 200, "{path}");
}

#[test]
fn the_page_restores_what_it_backed_up() {
    let database = Database::create();
    let folder = tempfile::tempdir().unwrap();
    let letter = Letter {
        folder: folder.path().to_owned(),
        restored_name: format!("{}_restored", database.url.rsplit_once('/').unwrap().1),
        database: database.url.clone(),
    };
    for name in ["bin", "backup", "safe"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    symlink(env!("CARGO_BIN_EXE_portico"), folder.path().join("bin/portico")).unwrap();

    let installation = Installation::on(database);
    let portico = installation.serve();
    let keys = installation.operator();
    let organization = Organization::of(&portico, installation.operator());
    organization.create_user("ann");
    put(&portico, &keys, "/photos", b"");
    for key in 0..5 {
        put(&portico, &keys, &format!("/photos/{key}"), b"before");
    }
    let lines = shell_lines("PostgreSQL");
    let [dump, copy] = lines.as_slice() else { panic!("{lines:?}") };
    let live = &letter.database;
    letter.run(std::slice::from_ref(dump), installation.data(), live);
    // Between the two commands an object is overwritten, and one is deleted.
    put(&portico, &keys, "/photos/0", b"after");
    let request = Request::new("DELETE", "/photos/1");
    assert_eq!(portico.send(&keys.sign("s3", request, &portico)).status, 204);
    letter.run(std::slice::from_ref(copy), installation.data(), live);
    fs::copy(installation.data().join("portico.key"), folder.path().join("safe/portico.key"))
        .unwrap();
    assert!(portico.terminate().success());

    let data = folder.path().join("data");
    let lines = shell_lines("Restore");
    assert_eq!(lines.len(), 3, "{lines:?}");
    let restored = letter.restored();
    letter.run(&lines, &data, &restored);
    let words = ["--data", data.to_str().unwrap(), "--database", &restored];
    let said = Said::from(Portico::run(&[&["check"], &words[..]].concat())).ok();
    assert!(said.contains("Nothing is wrong."), "{said}");
    let portico = Portico::serve_in(&data, &words[2..]);
    let keys = Organization::operator(&words);
    for key in 0..5 {
        let request = Request::get(&format!("/photos/{key}"));
        let answer = portico.send(&keys.sign("s3", request, &portico));
        assert_eq!((answer.status, &*answer.body), (200, &b"before"[..]), "{key}");
    }
    assert!(portico.terminate().success());
    Said::from(Portico::run(&[&["audit", "verify"], &words[..]].concat())).ok();
    let mut admin = postgres::Client::connect(live, postgres::NoTls).unwrap();
    admin.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", letter.restored_name)).unwrap();
}
