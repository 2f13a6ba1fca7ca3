package dev.skep.inventory.mapping;

/**
 * An object that was left out because it cannot be understood.
 *
 * @param kind {@code node}, {@code service}, {@code task} or {@code network}
 * @param id its id; "" if it has none
 * @param reason why, for a person
 */
public record Skipped(String kind, String id, String reason) {}
