//! The server without sockets: requests from their head to their answer.

mod futures;
mod kit;
mod one_core;
mod spans;
mod strangers;
mod write_batches;
