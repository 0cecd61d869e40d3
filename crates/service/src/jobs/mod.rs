//! Long work: what is claimed, done and ended, one file per kind of job.
//!
//! INVARIANT: a job's work and its end are one transaction, so it is done once, whatever dies when.

pub mod runner;
