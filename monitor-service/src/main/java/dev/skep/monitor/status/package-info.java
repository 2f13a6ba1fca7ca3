/** What a person wants to know first of the cluster, drawn from one snapshot. Pure. */
package dev.skep.monitor.status;
