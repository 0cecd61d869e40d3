//! Long work: rows that workers claim with a lease.

use model::ids::JobId;
use model::job::{Job, JobState};
use model::{Fault, IdentityCenterEntity};

use crate::row::{text, text_or_null};
use crate::{Read, Row, Tx};

/// The columns of a job, which [`job`] reads.
macro_rules! job_columns {
    () => {
        "owner_id, id, kind, state, payload, failure_reason, attempts, run_after_ms, \
         created_at_ms, updated_at_ms"
    };
}

/// By how much later than a caller's unfinished job of a kind the next one has its turn, in milliseconds.
const TURN_STEP_MS: i64 = 10;

/// Adds a job and, if it is unfinished, wakes a worker when the transaction is committed. Its turn comes later for each of
/// the `ahead` unfinished jobs that its caller had.
pub fn insert(tx: &mut Tx<'_>, job: &Job, ahead: i64) -> Result<(), Fault> {
    if job.state == JobState::InProgress {
        tx.add_job();
    }
    let sql = "INSERT INTO job (owner_id, id, kind, state, payload, failure_reason, attempts,
            run_after_ms, created_at_ms, updated_at_ms, asked_by, turn_ms)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    let values = [
        text(&job.owner_id),
        text(&job.id),
        text(&job.kind),
        text(job.state.as_str()),
        text(&job.payload),
        text_or_null(job.failure_reason.as_ref()),
        job.attempts.into(),
        job.run_after_ms.into(),
        job.created_at_ms.into(),
        job.updated_at_ms.into(),
        text(&tx.caller_arn()),
        (job.run_after_ms + ahead * TURN_STEP_MS).into(),
    ];
    tx.write(sql, &values)
}

/// Adds a job, unless another unfinished job of the owner is about `subject`: then `false`.
///
/// INVARIANT: jobs about one subject run in the order of their requests, because the second is refused
/// until the first is over. Other jobs have no order.
pub fn insert_alone(tx: &mut Tx<'_>, job: &Job, ahead: i64, subject: &str) -> Result<bool, Fault> {
    let sql = "INSERT INTO job_subject (owner_id, subject, job_id) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING";
    if tx.execute(sql, &[text(&job.owner_id), text(subject), text(&job.id)])? == 0 {
        return Ok(false);
    }
    insert(tx, job, ahead).map(|()| true)
}

/// Counts the unfinished jobs of a kind that a caller asked for, up to `count_max`.
///
/// INVARIANT: no serializable transaction that adds jobs counts them too. On PostgreSQL each would change what the
/// others have read.
pub fn count_unfinished(
    read: &mut Read<'_>,
    caller_arn: &str,
    kind: &str,
    count_max: i64,
) -> Result<i64, Fault> {
    let sql = "SELECT COUNT(*) AS count FROM (SELECT id FROM job
            WHERE asked_by = $1 AND kind = $2 AND state = 'IN_PROGRESS'
            LIMIT $3) AS unfinished";
    let values = [text(caller_arn), text(kind), count_max.into()];
    Ok(read.query_one(sql, &values, |row| row.integer("count"))?.unwrap_or(0))
}

/// Names of kinds of jobs, as one text that SQL can look into: `,A,B,`.
pub struct Kinds(String);

impl Kinds {
    /// The kinds of these names. A name holds no comma.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Self {
        Self(names.fold(String::from(","), |list, name| list + name + ","))
    }
}

/// Finds up to `limit` due jobs of these kinds whose turn comes first, and keeps them from other workers until this
/// transaction ends, which does them. It is one on a snapshot, and this is its first statement.
pub fn hold(tx: &mut Tx<'_>, kinds: &Kinds, limit: i64) -> Result<Vec<Job>, Fault> {
    let sql = concat!(
        "SELECT ",
        job_columns!(),
        " FROM job
        WHERE state = 'IN_PROGRESS' AND run_after_ms <= $1
            AND replace($2, ',' || kind || ',', '') <> $2
        ORDER BY turn_ms, id
        LIMIT $3
        /* FOR UPDATE SKIP LOCKED */"
    );
    let values = [tx.now_ms().into(), text(&kinds.0), limit.into()];
    tx.query(sql, &values, job)
}

/// Takes up to `limit` due jobs of these kinds whose turn comes first, so that no other worker takes them for `lease_ms`.
///
/// Jobs of other kinds are passed over. They wait only while nodes of two versions run. On PostgreSQL jobs that another
/// worker is taking are passed over too, in a transaction of [`Db::begin_claim`](crate::Db::begin_claim).
pub fn claim(tx: &mut Tx<'_>, kinds: &Kinds, lease_ms: i64, limit: i64) -> Result<Vec<Job>, Fault> {
    let sql = concat!(
        "WITH due AS MATERIALIZED (
            SELECT owner_id AS due_owner_id, id AS due_id FROM job
            WHERE state = 'IN_PROGRESS' AND run_after_ms <= $1
                AND replace($2, ',' || kind || ',', '') <> $2
            ORDER BY turn_ms, id
            LIMIT $4
            /* FOR UPDATE SKIP LOCKED */
        )
        UPDATE job SET attempts = attempts + 1, run_after_ms = $3, turn_ms = $3, updated_at_ms = $1
        FROM due
        WHERE owner_id = due_owner_id AND id = due_id
        RETURNING ",
        job_columns!()
    );
    let now_ms = tx.now_ms();
    let values = [now_ms.into(), text(&kinds.0), (now_ms + lease_ms).into(), limit.into()];
    let mut claimed = tx.query(sql, &values, job)?;
    claimed
        .sort_by(|one, other| (one.created_at_ms, &one.id).cmp(&(other.created_at_ms, &other.id)));
    Ok(claimed)
}

/// Makes every unfinished job due that was claimed less than `attempts_max` times, and returns their
/// number. A worker that holds one of them may still end it, unless another worker claims it first.
pub fn make_due(tx: &mut Tx<'_>, attempts_max: i64) -> Result<u64, Fault> {
    tx.add_job();
    let sql = "UPDATE job SET run_after_ms = $1, turn_ms = $1, updated_at_ms = $1
        WHERE state = 'IN_PROGRESS' AND run_after_ms > $1 AND attempts < $2";
    let now_ms = tx.now_ms();
    tx.execute(sql, &[now_ms.into(), attempts_max.into()])
}

/// When the job of one of these kinds is due whose turn comes first, if any waits. If no job is due, no other is due
/// earlier: a job that was claimed or put off has its turn when it is due.
pub fn next_due_ms(read: &mut Read<'_>, kinds: &Kinds) -> Result<Option<i64>, Fault> {
    let sql = "SELECT run_after_ms FROM job
        WHERE state = 'IN_PROGRESS' AND replace($1, ',' || kind || ',', '') <> $1
        ORDER BY turn_ms, id
        LIMIT 1";
    read.query_one(sql, &[text(&kinds.0)], |row| row.integer("run_after_ms"))
}

/// Ends a job for good.
///
/// INVARIANT: a worker does a job's work and ends it in one transaction, and only while it holds the
/// claim: `attempts` identifies the claim. A worker whose lease ran out finds another number and fails.
pub fn finish(
    tx: &mut Tx<'_>,
    job: &Job,
    state: JobState,
    failure_reason: Option<&str>,
) -> Result<(), Fault> {
    let sql = "UPDATE job SET state = $4, failure_reason = $5, updated_at_ms = $6
        WHERE owner_id = $1 AND id = $2 AND attempts = $3 AND state = 'IN_PROGRESS'";
    let values = [
        text(&job.owner_id),
        text(&job.id),
        job.attempts.into(),
        text(state.as_str()),
        text_or_null(failure_reason),
        tx.now_ms().into(),
    ];
    if tx.execute(sql, &values)? == 0 {
        return Err(taken_over(job));
    }
    let sql = "DELETE FROM job_subject WHERE owner_id = $1 AND job_id = $2";
    tx.write(sql, &[text(&job.owner_id), text(&job.id)])
}

/// Deletes a job that is done and of which nobody asks for the status, while the claim is ours.
pub fn remove(tx: &mut Tx<'_>, job: &Job) -> Result<(), Fault> {
    let sql = "DELETE FROM job
        WHERE owner_id = $1 AND id = $2 AND attempts = $3 AND state = 'IN_PROGRESS'";
    let values = [text(&job.owner_id), text(&job.id), job.attempts.into()];
    if tx.execute(sql, &values)? == 0 { Err(taken_over(job)) } else { Ok(()) }
}

/// Puts a failed attempt off to `run_after_ms`, while the claim is ours.
pub fn put_off(tx: &mut Tx<'_>, job: &Job, run_after_ms: i64) -> Result<(), Fault> {
    tx.add_job();
    let sql = "UPDATE job SET run_after_ms = $4, turn_ms = $4, updated_at_ms = $5
        WHERE owner_id = $1 AND id = $2 AND attempts = $3 AND state = 'IN_PROGRESS'";
    let values = [
        text(&job.owner_id),
        text(&job.id),
        job.attempts.into(),
        run_after_ms.into(),
        tx.now_ms().into(),
    ];
    tx.write(sql, &values)
}

/// Keeps a job going that did a part of its work in this transaction: after a pause, and from attempt 0.
pub fn go_on(tx: &mut Tx<'_>, job: &Job, pause_ms: i64) -> Result<(), Fault> {
    tx.add_job();
    let sql = "UPDATE job SET run_after_ms = $4, turn_ms = $4, attempts = 0, updated_at_ms = $5
        WHERE owner_id = $1 AND id = $2 AND attempts = $3 AND state = 'IN_PROGRESS'";
    let now_ms = tx.now_ms();
    let values = [
        text(&job.owner_id),
        text(&job.id),
        job.attempts.into(),
        (now_ms + pause_ms).into(),
        now_ms.into(),
    ];
    if tx.execute(sql, &values)? == 0 {
        return Err(taken_over(job));
    }
    Ok(())
}

/// The fault of a worker that lost its claim: what it did in this transaction is not kept.
fn taken_over(job: &Job) -> Fault {
    Fault::Broken(format!("job {} was taken over by another worker", job.id))
}

/// The job, if its owner has one of this id and kind.
pub fn find(
    read: &mut Read<'_>,
    owner_id: &str,
    kind: &str,
    id: &str,
) -> Result<Option<Job>, Fault> {
    let sql = concat!(
        "SELECT ",
        job_columns!(),
        " FROM job WHERE owner_id = $1 AND id = $2 AND kind = $3"
    );
    read.query_one(sql, &[text(owner_id), text(id), text(kind)], job)
}

/// The job, or the fault that there is none.
pub fn require(read: &mut Read<'_>, owner_id: &str, kind: &str, id: &JobId) -> Result<Job, Fault> {
    find(read, owner_id, kind, id.as_str())?
        .ok_or_else(|| Fault::not_found(IdentityCenterEntity::Request, id))
}

/// Jobs of an owner and kind, newest first, at most `limit` before the moment and id given: the newest of each state.
pub fn list(
    read: &mut Read<'_>,
    owner_id: &str,
    kind: &str,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<Job>, Fault> {
    let sql = concat!(
        "SELECT * FROM (SELECT ",
        job_columns!(),
        " FROM job
        WHERE owner_id = $1 AND kind = $2 AND state = 'IN_PROGRESS' AND (created_at_ms, id) < ($3, $4)
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $5) AS newest
        UNION ALL SELECT * FROM (SELECT ",
        job_columns!(),
        " FROM job
        WHERE owner_id = $1 AND kind = $2 AND state = 'SUCCEEDED' AND (created_at_ms, id) < ($3, $4)
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $5) AS newest
        UNION ALL SELECT * FROM (SELECT ",
        job_columns!(),
        " FROM job
        WHERE owner_id = $1 AND kind = $2 AND state = 'FAILED' AND (created_at_ms, id) < ($3, $4)
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $5) AS newest
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $5"
    );
    let values = [text(owner_id), text(kind), before.0.into(), text(before.1), limit.into()];
    read.query(sql, &values, job)
}

/// Jobs of an owner, kind and state, newest first. The index begins with the state, so the page reads no
/// job of another state.
pub fn list_in_state(
    read: &mut Read<'_>,
    owner_id: &str,
    kind: &str,
    state: JobState,
    before: (i64, &str),
    limit: i64,
) -> Result<Vec<Job>, Fault> {
    let sql = concat!(
        "SELECT ",
        job_columns!(),
        " FROM job
        WHERE owner_id = $1 AND kind = $2 AND state = $5 AND (created_at_ms, id) < ($3, $4)
        ORDER BY created_at_ms DESC, id DESC
        LIMIT $6"
    );
    let values = [
        text(owner_id),
        text(kind),
        before.0.into(),
        text(before.1),
        text(state.as_str()),
        limit.into(),
    ];
    read.query(sql, &values, job)
}

/// Forgets up to `limit` jobs that ended before `before_ms`.
pub fn sweep(tx: &mut Tx<'_>, before_ms: i64, limit: i64) -> Result<u64, Fault> {
    let sql = "DELETE FROM job WHERE (owner_id, id) IN (
            SELECT owner_id, id FROM job
            WHERE state <> 'IN_PROGRESS' AND updated_at_ms < $1
            ORDER BY updated_at_ms LIMIT $2)";
    tx.execute(sql, &[before_ms.into(), limit.into()])
}

fn job(row: &Row) -> Result<Job, Fault> {
    Ok(Job {
        owner_id: row.text("owner_id")?.to_owned(),
        id: row.parse("id")?,
        kind: row.text("kind")?.to_owned(),
        state: row.parse("state")?,
        payload: row.text("payload")?.to_owned(),
        failure_reason: row.text_or_null("failure_reason")?.map(str::to_owned),
        attempts: row.integer("attempts")?,
        run_after_ms: row.integer("run_after_ms")?,
        created_at_ms: row.integer("created_at_ms")?,
        updated_at_ms: row.integer("updated_at_ms")?,
    })
}
