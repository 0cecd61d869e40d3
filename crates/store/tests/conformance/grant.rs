//! Roles that one person holds and another does not.

use store::{Db, grant};

use crate::account_assignment::{assign, populate, to_group, to_user};
use crate::harness::{account_id, an_instance, read, uuid};

on_both_engines!(grants_of_a_person_are_listed_without_those_of_another);

/// User 1 is in the groups 11 and 12, user 2 is in none.
fn grants_of_a_person_are_listed_without_those_of_another(db: &Db) {
    populate(db);
    assign(db, &[to_user(2, 1, 1), to_group(1, 2, 11), to_group(2, 2, 12), to_user(2, 2, 1)]);
    assign(db, &[to_user(2, 2, 2), to_user(1, 1, 2)]);
    let list = |user: u32, other: Option<u32>, after: [&str; 2], limit| -> Vec<(String, String)> {
        let (user, other) = (uuid(user), other.map(uuid));
        let instance = an_instance();
        let listed = read(db, |read| {
            grant::list_beyond(read, &instance, &user, other.as_ref(), after, limit)
        });
        let pair = |grant: grant::Grant| {
            (grant.account_id.to_string(), grant.permission_set_id.to_string())
        };
        listed.unwrap().into_iter().map(pair).collect()
    };
    let all = list(1, None, ["", ""], 9);
    let accounts: Vec<&str> = all.iter().map(|(account, _)| account.as_str()).collect();
    let [one, two] = [1, 2].map(|number| account_id(number).to_string());
    assert_eq!(accounts, [&*one, &*two, &*two]);
    assert!(all.is_sorted());

    let after = [all[0].0.as_str(), all[0].1.as_str()];
    assert_eq!(list(1, None, after, 1), all[1..2]);
    assert_eq!(list(1, None, [all[1].0.as_str(), all[1].1.as_str()], 9), all[2..]);
    assert!(list(1, Some(1), ["", ""], 9).is_empty());
    // What user 2 holds as well is left out: the reader of account 2.
    let beyond = list(1, Some(2), ["", ""], 9);
    assert_eq!(beyond.len(), 2);
    assert!(beyond.iter().all(|pair| all.contains(pair)));
    // A grant of user 1 by a group is one too.
    assert_eq!(list(2, Some(1), ["", ""], 9).len(), 1);
}
