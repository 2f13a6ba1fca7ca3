/**
 * What cert-service decides, as functions over records: which certificates are wanted and from
 * whom, when a renewal is due, when a failed attempt is tried again. No IO, no clock of its own.
 */
package dev.skep.cert.policy;
