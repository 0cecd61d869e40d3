-- Who asked for a job, and its turn: the time from which it is due, later for each unfinished job of the kind that the
-- caller had already. Jobs are claimed by turn, so the many of one caller do not hold up the few of others. Jobs of
-- servers of earlier versions have turn 0.
ALTER TABLE job ADD COLUMN asked_by TEXT COLLATE "binary" NOT NULL DEFAULT '';
ALTER TABLE job ADD COLUMN turn_ms BIGINT NOT NULL DEFAULT 0;
UPDATE job SET turn_ms = run_after_ms WHERE state = 'IN_PROGRESS';
CREATE INDEX job_by_turn ON job (turn_ms, id) WHERE state = 'IN_PROGRESS';
CREATE INDEX job_unfinished_of_caller ON job (asked_by, kind) WHERE state = 'IN_PROGRESS';
DROP INDEX job_due;

-- The user or group of a job about an assignment. Whoever deletes them takes this row away, which the job would too: so
-- of a job and a deletion at the same time, one is done again.
ALTER TABLE job_subject ADD COLUMN principal_id TEXT COLLATE "binary";
CREATE INDEX job_subject_of_principal ON job_subject (owner_id, principal_id);
