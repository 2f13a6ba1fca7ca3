package dev.skep.runtime.kafka;

import dev.skep.model.event.EventType;
import java.time.Instant;

/**
 * What an event says of itself.
 *
 * @param id unique for its source
 * @param source who wrote it: {@code /skep/<principal>}
 * @param type what it is
 * @param time when it was written, by its writer's clock
 * @param correlationId what caused it; null if nothing is known to have
 */
public record EventMeta(
    String id, String source, EventType type, Instant time, String correlationId) {}
