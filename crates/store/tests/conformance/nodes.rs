//! Several nodes on one PostgreSQL: what one revokes, the others have heard of when it is answered.

mod postgres_engine {
    use std::time::Duration;

    use model::session::RevocationScope;
    use model::{AuditEvent, Fault};
    use store::{Db, Location, revocation};

    use crate::harness::{begin, instance_id, with_postgres_cut, with_postgres_empty, write};
    use crate::proxy::Proxy;

    /// Waits until something holds, for ten seconds at most.
    fn wait_until(db: &Db, what: &str, holds: impl Fn(&Db) -> bool) {
        let signals = db.signals();
        for _ in 0..1000 {
            if holds(db) {
                return;
            }
            signals.wait_for_jobs(signals.jobs(), Duration::from_millis(10));
        }
        panic!("{what} did not come: {:?}", signals.how_it_listens());
    }

    fn remembers(db: &Db) -> bool {
        db.signals().authority().is_some()
    }

    fn open(location: &Location) -> Db {
        let db = Db::open(location.clone()).unwrap();
        wait_until(&db, "the first beat", remembers);
        db
    }

    fn revoke(db: &Db) {
        write(db, |tx| revocation::put(tx, &RevocationScope::Instance(instance_id()))).unwrap();
    }

    #[test]
    fn a_revocation_is_answered_when_the_other_nodes_have_heard_of_it() {
        with_postgres_empty(|location, _| {
            let nodes = [open(&location), open(&location), open(&location)];
            for _ in 0..20 {
                let before = nodes.each_ref().map(|node| node.signals().authority());
                revoke(&nodes[0]);
                for (node, before) in nodes.iter().zip(before) {
                    assert!(before.is_some() && node.signals().authority() > before);
                }
            }
        });
    }

    #[test]
    fn a_node_that_asks_learns_when_the_others_have_heard_of_all_commits() {
        with_postgres_empty(|location, sql| {
            let (one, other) = (open(&location), open(&location));
            for _ in 0..20 {
                let numbers = || [&one, &other].map(|node| node.signals().authority());
                let before = numbers();
                // A commit that nobody waits for.
                sql("NOTIFY portico_authority");
                one.wait_for_nodes().unwrap();
                for (now, before) in numbers().into_iter().zip(before) {
                    assert!(before.is_some() && now > before);
                }
            }
        });
    }

    #[test]
    fn a_transaction_that_narrows_nothing_waits_for_nobody() {
        with_postgres_empty(|location, _| {
            let (near, proxy) = (open(&location), Proxy::before(&location));
            let far = open(proxy.location());
            proxy.stall();
            begin(&near).commit(&AuditEvent::new()).unwrap();
            assert!(remembers(&far), "its lease would be over");
        });
    }

    #[test]
    fn a_node_whose_way_to_the_database_stalls_remembers_nothing_when_a_revocation_is_answered() {
        with_postgres_empty(|location, _| {
            let (near, proxy) = (open(&location), Proxy::before(&location));
            let far = open(proxy.location());
            proxy.stall();
            assert!(remembers(&far), "it cannot know yet");
            revoke(&near);
            assert!(!remembers(&far));
            assert!(remembers(&near));
            near.wait_for_nodes().unwrap();
            proxy.go_on();
            wait_until(&far, "a beat after the stall", remembers);
            let before = far.signals().authority();
            revoke(&near);
            assert!(far.signals().authority() > before);
        });
    }

    #[test]
    fn a_start_behind_a_pooler_that_delivers_no_notices_is_refused() {
        with_postgres_empty(|location, _| {
            let proxy = Proxy::without_notices(&location);
            let Err(Fault::Broken(why)) = Db::open(proxy.location().clone()) else {
                panic!("it would not hear of revocations");
            };
            assert!(why.contains("A pooler in transaction or statement mode does not"), "{why}");
        });
    }

    #[test]
    fn a_node_whose_connection_was_cut_listens_again() {
        with_postgres_cut(|db, cut| {
            for _ in 0..3 {
                wait_until(db, "a beat", remembers);
                let before = db.signals().authority();
                cut();
                wait_until(db, "another connection", |db| db.signals().authority() > before);
            }
            revoke(db);
        });
    }

    #[test]
    fn the_row_of_a_node_that_is_gone_is_deleted() {
        with_postgres_empty(|location, sql| {
            let db = open(&location);
            sql("INSERT INTO node VALUES ('1_1', 7)");
            // The node was killed a moment ago, and might still remember something.
            revoke(&db);
            sql("DO $$ BEGIN
                FOR attempt IN 1..100 LOOP
                    EXIT WHEN NOT EXISTS (SELECT 1 FROM node WHERE id = '1_1');
                    PERFORM pg_sleep(0.1);
                END LOOP;
                ASSERT (SELECT count(*) FROM node) = 1;
            END $$");
        });
    }

    #[test]
    fn nodes_that_have_something_else_are_refused_while_others_live() {
        with_postgres_empty(|location, sql| {
            let one = open(&location);
            one.join("URL one's").unwrap();
            let same = open(&location);
            same.join("URL one's").unwrap();
            let other = open(&location);
            let Err(Fault::Broken(why)) = other.join("URL 2") else { panic!("it joined") };
            assert!(why.contains("has URL one's, and this one would have URL 2"), "{why}");
            assert!(!remembers(&other));
            // A row whose server was killed, and one of an earlier version, are in nobody's way.
            sql("INSERT INTO node VALUES ('1_1', 7, 'URL 3'), ('1_2', 7, '')");
            same.leave();
            open(&location).join("URL one's").unwrap();
            one.leave();
        });
    }

    #[test]
    fn nobody_waits_for_a_node_that_has_left() {
        with_postgres_empty(|location, sql| {
            let (one, other) = (open(&location), open(&location));
            other.join("").unwrap();
            other.leave();
            assert!(!remembers(&other));
            sql("DO $$ BEGIN ASSERT (SELECT count(*) FROM node) = 1; END $$");
            revoke(&one);
        });
    }

    #[test]
    fn a_command_beside_the_server_is_no_node() {
        with_postgres_empty(|location, sql| {
            let server = open(&location);
            let beside = Db::open_beside(&location).unwrap();
            assert!(!remembers(&beside));
            sql("DO $$ BEGIN ASSERT (SELECT count(*) FROM node) = 1; END $$");
            let before = server.signals().authority();
            revoke(&beside);
            assert!(server.signals().authority() > before);
        });
    }

    #[test]
    fn a_node_knows_the_time_of_the_database() {
        with_postgres_empty(|location, _| {
            let listening = open(&location).signals().how_it_listens().unwrap();
            assert!(listening.is_connected && listening.heard_ms_ago.unwrap() < 2000);
            // PostgreSQL and this test are on one machine, whose clock gives a new file its time.
            let file = tempfile::tempfile().unwrap();
            let now = file.metadata().unwrap().modified().unwrap();
            let now_ms = now.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis();
            let database_ms = u128::try_from(listening.database_now_ms.unwrap()).unwrap();
            assert!(database_ms.abs_diff(now_ms) < 60_000, "{database_ms} {now_ms}");
        });
    }
}
