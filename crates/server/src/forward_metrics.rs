//! Metrics of the targets that audit events are forwarded to.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use kernel::forwards::Status;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};

/// INVARIANT: targets are settings, so they are few.
#[derive(Clone, Debug, EncodeLabelSet, Eq, Hash, PartialEq)]
struct TargetLabels {
    target: String,
}

/// Metrics of all targets.
#[derive(Default)]
pub(crate) struct ForwardMetrics {
    waiting: Family<TargetLabels, Gauge>,
    lag: Family<TargetLabels, Gauge<f64, AtomicU64>>,
    failed: Family<TargetLabels, Counter>,
    rejected: Family<TargetLabels, Counter>,
}

impl ForwardMetrics {
    pub(crate) fn register(registry: &mut Registry) -> Self {
        let metrics = Self::default();
        let help = "Sealed audit events that a target has not taken";
        registry.register("audit_forward_waiting", help, metrics.waiting.clone());
        let help = "Time since the oldest audit event that a target has not taken was sealed";
        registry.register_with_unit("audit_forward_lag", help, Unit::Seconds, metrics.lag.clone());
        let help = "Attempts to forward audit events that failed";
        registry.register("audit_forward_failed", help, metrics.failed.clone());
        let help = "Audit events that a target took and did not keep";
        registry.register("audit_forward_rejected", help, metrics.rejected.clone());
        metrics
    }

    pub(crate) fn set(&self, forwards: &[(String, Status)]) {
        for (target, status) in forwards {
            let labels = TargetLabels { target: target.clone() };
            let lag = Duration::from_millis(u64::try_from(status.behind_ms).unwrap_or(0));
            self.waiting.get_or_create(&labels).set(status.events_behind);
            self.lag.get_or_create(&labels).set(lag.as_secs_f64());
            for (counter, count) in
                [(&self.failed, status.failed), (&self.rejected, status.rejected)]
            {
                counter.get_or_create(&labels).inner().store(count, Ordering::Relaxed);
            }
        }
    }
}
