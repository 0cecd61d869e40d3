//! Every served operation, called in memory in the order of `examples::walk`.

mod jobs;
mod refusals;
mod resources;
mod walker;
