package dev.skep.runtime.reconcile;

/**
 * One run for one key; belongs into each of its log lines.
 *
 * @param id unique in the process
 * @param trigger what asked for it: an event's type, {@code resync}, {@code retry}
 * @param attempt 1, and one more for each failure since the last success
 */
public record Reconciliation(String id, String trigger, int attempt) {}
