//! Commits that PostgreSQL refuses: the numbers of their events are used again, or their lane ends.

mod postgres_engine {
    use model::{AuditEvent, Fault};
    use store::account;

    use crate::audit::log;
    use crate::audit_proof::assert_no_gap;
    use crate::harness::{RunSql, begin, some_account, with_postgres_sql, write};

    /// Makes every transaction fail that adds an account: at the statement (`IMMEDIATE`) or at the commit
    /// (`DEFERRED`). `code` is the SQLSTATE of the failure.
    fn refuse_accounts(sql: RunSql<'_>, place: &str, code: &str) {
        sql(&format!(
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{code}'; END $$;
            CREATE CONSTRAINT TRIGGER refused AFTER INSERT ON account
                DEFERRABLE INITIALLY {place} FOR EACH ROW EXECUTE FUNCTION refuse()"
        ));
    }

    fn commit_of_account(db: &store::Db) -> Result<(), Fault> {
        let mut tx = begin(db);
        account::insert(&mut tx, &some_account(2)).unwrap();
        tx.commit(&AuditEvent::new())
    }

    #[test]
    fn a_commit_that_fails_leaves_no_gap() {
        // 40001: serialization failure. P0001: anything else, whose outcome counts as unknown.
        for (code, is_contended) in [("40001", true), ("P0001", false)] {
            with_postgres_sql(|db, sql| {
                write(db, |_| ());
                refuse_accounts(sql, "DEFERRED", code);
                let fault = commit_of_account(db).unwrap_err();
                assert_eq!(fault == Fault::Contended, is_contended, "{fault:?}");
                write(db, |_| ());
                write(db, |_| ());
                assert_no_gap(db);
                assert_eq!(log(db).len(), 4);
                assert!(log(db).iter().all(|event| db.proves(event)));
            });
        }
    }

    #[test]
    fn a_transaction_with_a_failed_statement_cannot_be_committed() {
        with_postgres_sql(|db, sql| {
            refuse_accounts(sql, "IMMEDIATE", "P0001");
            let mut tx = begin(db);
            account::insert(&mut tx, &some_account(2)).unwrap_err();
            tx.commit(&AuditEvent::new()).unwrap_err();
            write(db, |_| ());
            assert_no_gap(db);
            assert_eq!(log(db).len(), 2);
        });
    }
}
