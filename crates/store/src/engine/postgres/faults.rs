//! What failures of PostgreSQL and of the way to it mean.

use model::Fault;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::tls_faults;

/// Makes the fault of a connection that could not be made: it passes, or it was refused.
pub(super) fn unconnected(error: &Error) -> Fault {
    if let Some(why) = tls_faults::in_words(error) {
        return refused_in_words(&why);
    }
    let fault = fault(error);
    let passes = matches!(fault, Fault::Unavailable(_) | Fault::Busy);
    if passes { fault } else { refused(error) }
}

/// Makes the fault of a refused connection, which the operator reads at a start. The URL stays out
/// of it, because it holds a password.
pub(super) fn refused(error: &Error) -> Fault {
    refused_in_words(&format!(
        "{}. --database is postgres://USER:PASSWORD@HOST:PORT/DATABASE, a database that is there and that \
         the user owns",
        told(error)
    ))
}

/// Makes the fault of a connection that is refused for a reason in words.
pub(super) fn refused_in_words(why: &str) -> Fault {
    Fault::Broken(format!("cannot connect to PostgreSQL: {why}"))
}

/// Describes an error with its cause, which the client tells only sometimes.
fn told(error: &Error) -> String {
    let cause = std::error::Error::source(error).map(|cause| format!(": {cause}"));
    let (text, cause) = (error.to_string(), cause.unwrap_or_default());
    if text.ends_with(&cause) { text } else { text + &cause }
}

pub(super) fn fault(error: &Error) -> Fault {
    let Some(code) = error.code() else {
        // Without a code the client speaks: of a connection that is closed or cannot be made, or of itself.
        let is_away = error.is_closed() || is_of_network(error);
        return if is_away {
            Fault::Unavailable(told(error))
        } else {
            Fault::broken(format!("{error:?}"))
        };
    };
    match *code {
        // Writers check first whether a key is taken and whether what they refer to is there, so another transaction
        // changed that in between.
        SqlState::T_R_SERIALIZATION_FAILURE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::UNIQUE_VIOLATION
        | SqlState::FOREIGN_KEY_VIOLATION => Fault::Contended,
        // The server has too much to do: a statement or a lock took longer than its deadline, or there are as many
        // connections as it takes.
        SqlState::QUERY_CANCELED
        | SqlState::LOCK_NOT_AVAILABLE
        | SqlState::TOO_MANY_CONNECTIONS => Fault::Busy,
        // The server stops, starts, has no room or is a standby.
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
        | SqlState::DISK_FULL
        | SqlState::OUT_OF_MEMORY
        | SqlState::READ_ONLY_SQL_TRANSACTION => Fault::Unavailable(told(error)),
        // A database error may quote values, but never secrets, which are hashed or sealed.
        _ => Fault::Broken(format!("{error:?}")),
    }
}

fn is_of_network(error: &Error) -> bool {
    let mut cause = std::error::Error::source(error);
    while let Some(why) = cause {
        if why.is::<std::io::Error>() {
            return true;
        }
        cause = why.source();
    }
    false
}
