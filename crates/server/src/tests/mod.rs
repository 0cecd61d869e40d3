//! The server from the head of a request to its answer, without sockets and with them.

mod answer_headers;
mod bounds;
mod connections;
mod files_of_pages;
mod futures;
mod http2;
mod kit;
mod known_callers;
mod long_reads;
mod one_core;
mod reading;
mod sockets;
mod spans;
mod strangers;
mod tls;
mod turns;
mod unread_bodies;
mod write_batches;
