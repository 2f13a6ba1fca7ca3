/**
 * What the cluster is, kept up to date change by change: tallies of tasks per service, so that a
 * scrape or a page reads a few thousand numbers and not every task. No IO.
 */
package dev.skep.monitor.cluster;
