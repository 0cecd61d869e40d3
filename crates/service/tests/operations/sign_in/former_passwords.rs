//! Former passwords: who holds a link or a one-time password cannot try them without end.

use ::sign_in::set_new_password::TOO_MANY;
use model::Fault;
use testing::Bench;
use testing::people::{BROWSER, PASSWORD};

use super::HOUR_MS;
use crate::invitations::{open, secret_in};
use crate::messages::Post;

fn is_reused<T>(outcome: &Result<T, Fault>) -> bool {
    matches!(outcome, Err(Fault::Invalid { must, .. }) if must.contains("your last"))
}

fn is_over<T>(outcome: &Result<T, Fault>) -> bool {
    matches!(outcome, Err(Fault::Conflict { because }) if because == TOO_MANY)
}

#[test]
fn the_fifth_former_password_ends_a_one_time_password() {
    let bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    let ticket = bench.ticket(&user, "alice");
    let set = |password: &str| bench.set_password(&ticket, BROWSER, password).map(drop);
    // A password that breaks another rule tells nothing of former ones.
    for _ in 0..9 {
        assert!(matches!(set("weak"), Err(Fault::Invalid { .. })));
    }
    for _ in 0..4 {
        assert!(is_reused(&set(PASSWORD)));
    }
    assert!(is_over(&set(PASSWORD)));
    assert_eq!(set("Another-Horse-10"), Err(Fault::NoSession));
    let events = bench.events("signin:SetPassword");
    assert!(events.iter().any(|event| event.details.contains("too many former passwords")));
    // An administrator goes on with the person.
    let ticket = bench.ticket(&user, "alice");
    bench.set_password(&ticket, BROWSER, "Another-Horse-10").unwrap();
}

#[test]
fn the_fifth_former_password_ends_a_link() {
    let post = Post::new();
    let link = || {
        post.bench.forgot_password("alice").unwrap();
        post.bench.finish_jobs();
        secret_in(&post.last_mail().text)
    };
    let secret = link();
    let tickets = [(); 2].map(|()| open(&post.bench, &secret).unwrap().ticket);
    let set =
        |ticket: &str, password: &str| post.bench.set_password(ticket, BROWSER, password).map(drop);
    for number in 0..4 {
        assert!(is_reused(&set(&tickets[number % 2], PASSWORD)));
    }
    assert!(is_over(&set(&tickets[0], PASSWORD)));
    assert_eq!(set(&tickets[1], "Another-Horse-10"), Err(Fault::NoSession));
    assert_eq!(open(&post.bench, &secret).err(), Some(Fault::NoSession));
    let ticket = open(&post.bench, &link()).unwrap().ticket;
    assert_eq!(set(&ticket, "Another-Horse-10"), Ok(()));
}

/// An administrator may make any number of one-time passwords for a person.
#[test]
fn many_one_time_passwords_tell_no_more_of_former_ones() {
    let bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    let mut told = 0;
    for _ in 0..6 {
        let ticket = bench.ticket(&user, "alice");
        let set = || bench.set_password(&ticket, BROWSER, PASSWORD).map(drop);
        for outcome in (0..5).map(|_| set()) {
            told += usize::from(is_reused(&outcome) || is_over(&outcome));
        }
    }
    assert_eq!(told, 15);
    let ticket = bench.ticket(&user, "alice");
    let set = |password: &str| bench.set_password(&ticket, BROWSER, password).map(drop);
    let refused = set("Another-Horse-10");
    assert!(matches!(refused, Err(Fault::Throttled { .. })), "{refused:?}");
    bench.clock.advance(HOUR_MS);
    let ticket = bench.ticket(&user, "alice");
    bench.set_password(&ticket, BROWSER, "Another-Horse-10").unwrap();
}

#[test]
fn choices_at_once_get_no_more_answers_than_one_after_the_other() {
    let bench = Bench::new();
    let (user, _) = bench.create_person("alice");
    let ticket = bench.ticket(&user, "alice");
    let choose = || bench.set_password(&ticket, BROWSER, PASSWORD).map(drop);
    let mut outcomes: Vec<_> = std::thread::scope(|scope| {
        let choices: Vec<_> = (0..8).map(|_| scope.spawn(choose)).collect();
        choices.into_iter().map(|choice| choice.join().unwrap()).collect()
    });
    // One that found no room was not answered.
    outcomes.extend((0..5).map(|_| choose()));
    assert_eq!(outcomes.iter().filter(|outcome| is_reused(outcome)).count(), 4, "{outcomes:?}");
    let refused = bench.set_password(&ticket, BROWSER, "Another-Horse-10").err();
    assert_eq!(refused, Some(Fault::NoSession));
}
