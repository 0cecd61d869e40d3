//! stub
use std::sync::Arc; use crate::Policy;
pub fn anonymous() -> Arc<Policy> { Arc::new(Policy::default()) }
pub fn person() -> Arc<Policy> { Arc::new(Policy::default()) }
pub fn portico() -> Arc<Policy> { Arc::new(Policy::default()) }
pub fn operator() -> Arc<Policy> { Arc::new(Policy::default()) }
