//! Statements that are sent without waiting for the answer to the one before: PostgreSQL answers them in order, after one
//! way there and back for all of them.

use std::future::Future;

use futures_util::future::{join, join_all};
use tokio_postgres::{Client, Error, Statement};

use super::borrowed;
use crate::row::Value;

/// What waits for the next statement whose answer somebody waits for.
pub(super) enum Unsent {
    /// The beginning of a transaction.
    Begin(&'static str),
    Statement(Statement, Vec<Value>),
}

impl Unsent {
    async fn run(&self, client: &Client) -> Result<(), Error> {
        match self {
            Self::Begin(sql) => client.batch_execute(sql).await,
            Self::Statement(statement, values) => {
                client.execute(statement, &borrowed(values)).await.map(drop)
            }
        }
    }
}

/// Sends `unsent` and `last` in order, and waits for all answers.
///
/// INVARIANT: the first error is returned. PostgreSQL refuses the later statements of a transaction only because of it,
/// and a COMMIT among them rolls back and is no error.
pub(super) async fn run<T>(
    client: &Client,
    unsent: &[Unsent],
    last: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let before = join_all(unsent.iter().map(|one| one.run(client)));
    let (before, last) = join(before, last).await;
    before.into_iter().collect::<Result<(), Error>>()?;
    last
}
