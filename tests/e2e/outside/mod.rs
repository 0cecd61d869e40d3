//! Tests that need an outside part: stock clients, a browser, PostgreSQL.

mod audit_targets;
mod backup_page;
mod clients;
mod clock;
mod cut_off;
mod failover;
mod invitations;
mod journey;
mod kill9;
mod mail;
mod mail_codes;
mod mfa;
mod my_security;
mod nodes;
mod page_files;
mod pages;
mod point_in_time;
mod postgres_tls;
mod security_keys;
mod several_servers;
mod smoke;
mod soak;
mod stalled_database;
mod tls;
