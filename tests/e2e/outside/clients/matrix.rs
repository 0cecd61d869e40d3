//! S3 clients that share little code with the AWS ones, each with what it does in a day, as the
//! administrator of a sandbox.

use super::home;
use crate::support::{Home, Keys, Portico, part};

/// Number of bytes that each client sends in parts.
const LARGE_BYTES: usize = 12 * 1024 * 1024 + 1;

/// A name with characters that clients and servers encode in several ways.
const ODD: &str = "a b+c & größer.txt";

fn computer(portico: &Portico) -> Home {
    let home = home(portico).with_keys(&Keys::sandbox());
    home.write(ODD, "odd\n");
    std::fs::write(home.path().join("large"), large()).unwrap();
    home
}

/// Bytes that differ between all parts.
fn large() -> Vec<u8> {
    (0..LARGE_BYTES).map(|place| (place / 4093).to_le_bytes()[place % 3]).collect()
}

#[test]
fn minio_obstore_and_s3fs_keep_odd_keys() {
    let portico = Portico::sandbox();
    let home = home(&portico).with_keys(&Keys::sandbox());
    let script = home.write("matrix.py", include_str!("matrix.py"));
    let python = &part("s3-clients python")["S3_PYTHON"];
    let said = home.client(python, &[script.to_str().unwrap(), &portico.endpoint()]).ok();
    assert_eq!(said.trim(), "done");
}

#[test]
fn s5cmd_copies_and_removes() {
    let portico = Portico::sandbox();
    let home = computer(&portico).set("S3_ENDPOINT_URL", &portico.endpoint());
    let program = &part("s3-clients python")["S5CMD"];
    let s5cmd = |words: &[&str]| home.client(program, words);
    let (odd, copy) = (format!("s3://store/{ODD}"), format!("s3://store/copies/{ODD}"));
    s5cmd(&["mb", "s3://store"]).ok();
    s5cmd(&["cp", ODD, "s3://store/"]).ok();
    s5cmd(&["cp", "--part-size", "5", "large", "s3://store/folder/large"]).ok();
    s5cmd(&["cp", &odd, &copy]).ok();
    assert_eq!(s5cmd(&["cat", &copy]).ok(), "odd\n");
    s5cmd(&["cp", "s3://store/folder/large", "back"]).ok();
    assert!(std::fs::read(home.path().join("back")).unwrap() == large());
    s5cmd(&["rm", "s3://store/*"]).ok();
    s5cmd(&["rb", "s3://store"]).ok();
    assert_eq!(s5cmd(&["ls"]).ok(), "");
}

#[test]
fn s3cmd_keeps_a_folder() {
    let portico = Portico::sandbox();
    let home = computer(&portico);
    let host = portico.endpoint().replace("http://", "");
    let settings = format!(
        "[default]\naccess_key = test\nsecret_key = test\nhost_base = {host}\nhost_bucket = {host}\n\
         use_https = False\nmultipart_chunk_size_mb = 5\n"
    );
    home.write("settings", &settings);
    let program = &part("s3-clients s3cmd")["S3CMD"];
    let s3cmd = |words: &[&str]| {
        home.client(program, &[&["-c", "settings", "--no-progress"], words].concat())
    };
    let odd = format!("s3://store/{ODD}");
    s3cmd(&["mb", "s3://store"]).ok();
    s3cmd(&["put", ODD, "large", "s3://store/"]).ok();
    s3cmd(&["cp", "s3://store/large", "s3://store/copy"]).ok();
    s3cmd(&["cp", &odd, "s3://store/odd copy"]).ok();
    s3cmd(&["modify", "--add-header=x-amz-meta-a: 1", "s3://store/copy"]).ok();
    assert!(s3cmd(&["info", "s3://store/copy"]).ok().contains("x-amz-meta-a: 1"));
    s3cmd(&["get", "s3://store/copy", "back"]).ok();
    assert!(std::fs::read(home.path().join("back")).unwrap() == large());
    let listed = s3cmd(&["ls", "s3://store"]).ok();
    assert!(listed.contains(&odd) && listed.contains("s3://store/odd copy"), "{listed}");
    s3cmd(&["del", "--recursive", "--force", "s3://store"]).ok();
    s3cmd(&["rb", "s3://store"]).ok();
}

#[test]
fn restic_keeps_backups() {
    let portico = Portico::sandbox();
    let home = computer(&portico)
        .set("RESTIC_PASSWORD", "secret")
        .set("RESTIC_REPOSITORY", &format!("s3:{}/backups", portico.endpoint()));
    let program = &part("s3-clients restic")["RESTIC"];
    let restic = |words: &[&str]| home.client(program, words);
    restic(&["init"]).ok();
    restic(&["backup", ODD, "large"]).ok();
    home.write(ODD, "changed\n");
    restic(&["backup", ODD, "large"]).ok();
    restic(&["check", "--read-data"]).ok();
    restic(&["restore", "latest", "--target", "restored"]).ok();
    assert_eq!(
        std::fs::read_to_string(home.path().join("restored").join(ODD)).unwrap(),
        "changed\n"
    );
    assert!(std::fs::read(home.path().join("restored/large")).unwrap() == large());
    restic(&["forget", "--keep-last", "1", "--prune"]).ok();
    let snapshots = restic(&["snapshots", "--json"]).json();
    assert_eq!(snapshots.as_array().map(Vec::len), Some(1));
}

#[test]
fn the_stock_cli_overwrites_nothing_that_is_to_be_kept() {
    let portico = Portico::sandbox();
    let home = computer(&portico);
    home.write("new", "new\n");
    home.write("old", "old\n");
    for words in [
        &["s3", "mb", "s3://from"][..],
        &["s3", "mb", "s3://kept"],
        &["s3", "cp", "new", "s3://from/key"],
        &["s3", "cp", "large", "s3://from/large"],
        &["s3", "cp", "old", "s3://kept/key"],
        &["s3", "cp", "old", "s3://kept/large"],
    ] {
        home.aws(words).ok();
    }
    for (verb, key) in [("cp", "key"), ("mv", "key"), ("cp", "large"), ("mv", "large")] {
        let (from, to) = (format!("s3://from/{key}"), format!("s3://kept/{key}"));
        home.aws(&["s3", verb, "--no-overwrite", &from, &to]).ok();
        assert_eq!(home.aws(&["s3", "cp", &to, "-"]).ok(), "old\n", "{verb} {key}");
        home.aws(&["s3api", "head-object", "--bucket", "from", "--key", key]).ok();
    }
    home.aws(&["s3", "mv", "--no-overwrite", "s3://from/key", "s3://kept/fresh"]).ok();
    assert_eq!(home.aws(&["s3", "cp", "s3://kept/fresh", "-"]).ok(), "new\n");
}
