//! The test kit: a running Portico, and its clients.

mod app;
mod certificates;
mod database;
mod environment;
mod home;
mod http;
mod installation;
mod keys;
mod organization;
mod parts;
mod portico;
mod signed;
mod terminal;
mod visitor;

pub use self::app::App;
pub use self::certificates::{Ca, Validity};
pub use self::database::Database;
pub use self::environment::{number_of, rounds, search_path};
pub use self::home::{Home, Said};
pub use self::http::{Answer, Request, form_encode};
pub use self::installation::Installation;
pub use self::keys::Keys;
pub use self::organization::{CommandLine, Organization, PASSWORD, text};
pub use self::parts::{part, script, scripts};
pub use self::portico::Portico;
pub use self::signed::{aws_json, signing_name};
pub use self::terminal::Terminal;
pub use self::visitor::{Page, Visitor};
