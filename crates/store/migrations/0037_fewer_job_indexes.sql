-- Indexes that each assignment was in for nothing. The jobs of every state are the newest of each state, and a principal is
-- not deleted at the same time as somebody assigns it, because the principal's own row says so.
DROP INDEX job_listed;
DROP INDEX job_subject_of_principal;
