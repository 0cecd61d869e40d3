//! Every served operation, called in memory in the order of `examples::walk`.

mod refusals;
mod resources;
mod walker;
