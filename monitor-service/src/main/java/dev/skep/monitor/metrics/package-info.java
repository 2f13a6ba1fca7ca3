/** A snapshot of the cluster as Prometheus metrics. Pure but for the one Collector. */
package dev.skep.monitor.metrics;
