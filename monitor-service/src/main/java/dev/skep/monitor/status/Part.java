package dev.skep.monitor.status;

/**
 * Something that this process relies on: a topic that it follows, another service beside it.
 *
 * @param name {@code skep.nodes}, {@code inventory}
 * @param current whether what is shown of it can be relied upon now
 * @param detail why not; "" if it is current
 */
public record Part(String name, boolean current, String detail) {}
