package dev.skep.model.event;

import java.time.Instant;

/**
 * A record that a reader refused. The record itself is not copied: it may hold what must not
 * spread, and it can be read where it lies.
 *
 * @param topic where it lies
 * @param offset where in that topic's only partition
 * @param key its key, or null
 * @param reader the service that refused it
 * @param reason why, for a person
 * @param time when it was refused
 */
public record DeadLetter(
    String topic, long offset, String key, String reader, String reason, Instant time) {}
