//! End-to-end tests: HTTP only, stock clients.
