package dev.skep.edge;

/**
 * Something that was tried and refused. It stays refused until it changes.
 *
 * @param content what was tried: compared by {@code equals}
 * @param reason for a person
 */
public record Refused(Object content, String reason) {}
