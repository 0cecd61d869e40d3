//! What is wrong with the data of a server, one finding a line: what it is, and what to do about it.

pub(crate) mod database_file;
mod findings;
mod objects;
mod whole;

pub(crate) use self::findings::Findings;
pub(crate) use self::whole::check;
