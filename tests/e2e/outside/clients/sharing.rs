//! Programs that share one cached token refresh it at the same moment.
//!
//! botocore reads the cache, exchanges the token and writes the cache without a lock; so does the SDK for JavaScript.

use std::os::unix::fs::symlink;
use std::thread;

use super::home;
use super::sdk::{FAR_AHEAD, Login};
use crate::support::{Home, Organization, Portico, rounds};

/// A home that shares the cached token of a login and nothing else: two CLIs that write the keys of one role at the same
/// moment fail at times while they read that file back.
fn sharing(login: &Login, portico: &Portico) -> Home {
    let home = home(portico);
    std::fs::copy(login.home.path().join(".aws/config"), home.path().join(".aws/config")).unwrap();
    symlink(login.home.path().join(".aws/sso"), home.path().join(".aws/sso")).unwrap();
    home
}

#[test]
fn nobody_is_signed_out_by_programs_that_refresh_at_the_same_moment() {
    let portico = Portico::sandbox();
    let login = Login::new(&Organization::of_sandbox(&portico));
    login.cache(FAR_AHEAD);
    let cli = |home: &Home| home.aws(&["sts", "get-caller-identity", "--profile", "dev"]).ok();
    let boto3 = |home: &Home| home.python(include_str!("profile.py")).ok();
    let javascript = |home: &Home| home.node(include_str!("profile.mjs")).ok();
    let programs: [fn(&Home) -> String; 6] = [cli, cli, cli, cli, boto3, javascript];
    for _ in 0..rounds(2) {
        login.let_expire();
        let before = login.cached();
        thread::scope(|scope| {
            let running = programs.map(|program| {
                let home = sharing(&login, &portico);
                scope.spawn(move || program(&home))
            });
            for program in running {
                assert!(!program.join().unwrap().is_empty());
            }
        });
        assert_ne!(login.cached()["refreshToken"], before["refreshToken"]);
        portico.advance(60);
    }
}
