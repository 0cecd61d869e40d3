//! The server without sockets: requests from their head to their answer.

mod answer_headers;
mod futures;
mod kit;
mod known_callers;
mod one_core;
mod spans;
mod strangers;
mod write_batches;
