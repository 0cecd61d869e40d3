//! Migrations run once, record their hashes, and are refused when they were edited.

use super::*;
use crate::location::Location;
use crate::location::Use::ReadAndWrite;
use crate::migrations::MIGRATIONS;

/// Schema of the last program that recorded no hashes.
const WITHOUT_HASHES: usize = 5;

fn engine() -> Engine {
    Engine::connect(&Location::Memory, ReadAndWrite).unwrap()
}

/// As [`Engine::migrate`] of a program that recorded no hashes.
fn migrate_without_hashes(engine: &mut Engine) {
    engine.batch("CREATE TABLE migration (number BIGINT PRIMARY KEY)").unwrap();
    for (number, migration) in numbered(MIGRATIONS).take(WITHOUT_HASHES) {
        engine.batch(migration.sql).unwrap();
        engine.execute("INSERT INTO migration (number) VALUES ($1)", &[number.into()]).unwrap();
    }
}

fn hashes(engine: &mut Engine) -> Vec<String> {
    let sql = "SELECT hash FROM migration ORDER BY number";
    engine.query(sql, &[], |row| row.text("hash").map(str::to_owned)).unwrap()
}

fn expected() -> Vec<String> {
    MIGRATIONS.iter().map(Migration::hash).collect()
}

/// The migrations, with a comment added to one.
fn with_edited(place: usize) -> Vec<Migration> {
    let mut migrations = MIGRATIONS.to_vec();
    let sql = format!("{}-- edited\n", migrations[place].sql);
    migrations[place].sql = sql.leak();
    migrations
}

fn refusal(outcome: Result<(), Fault>) -> String {
    let Err(Fault::Broken(text)) = outcome else { panic!("{outcome:?}") };
    text
}

#[test]
fn hashes_are_recorded_and_a_second_start_changes_nothing() {
    let mut engine = engine();
    for _ in 0..2 {
        engine.migrate(MIGRATIONS).unwrap();
        assert_eq!(hashes(&mut engine), expected());
    }
    engine.require_schema(MIGRATIONS).unwrap();
}

#[test]
fn a_database_without_hashes_gets_them_at_its_first_start() {
    let mut engine = engine();
    migrate_without_hashes(&mut engine);
    engine.migrate(MIGRATIONS).unwrap();
    assert_eq!(hashes(&mut engine), expected());
}

#[test]
fn an_edited_migration_is_named_and_refused() {
    let mut engine = engine();
    engine.migrate(MIGRATIONS).unwrap();
    for (place, migration) in MIGRATIONS.iter().enumerate() {
        let edited = with_edited(place);
        for text in [refusal(engine.migrate(&edited)), refusal(engine.require_schema(&edited))] {
            assert!(text.starts_with(&format!("migrations/{} is not", migration.name)), "{text}");
        }
    }
    engine.migrate(MIGRATIONS).unwrap();
}

#[test]
fn an_edited_migration_is_refused_before_a_new_one_runs() {
    let mut engine = engine();
    engine.migrate(MIGRATIONS).unwrap();
    let mut edited = with_edited(2);
    edited.push(Migration { name: "9999_new.sql", sql: "CREATE TABLE new (id BIGINT)" });
    refusal(engine.migrate(&edited));
    engine.batch("CREATE TABLE new (id BIGINT)").unwrap();
}

#[test]
fn a_database_of_a_newer_program_is_refused() {
    let mut engine = engine();
    engine.migrate(MIGRATIONS).unwrap();
    let older = &MIGRATIONS[..MIGRATIONS.len() - 1];
    for text in [refusal(engine.migrate(older)), refusal(engine.require_schema(older))] {
        assert!(text.contains("start the newer version"), "{text}");
    }
}

#[test]
fn a_database_of_an_older_program_is_for_the_server_to_migrate() {
    let mut engine = engine();
    let text = refusal(engine.require_schema(MIGRATIONS));
    assert!(text.contains("holds nothing of Portico's"), "{text}");
    migrate_without_hashes(&mut engine);
    let text = refusal(engine.require_schema(MIGRATIONS));
    assert!(text.contains("start the server of this version first"), "{text}");
}
