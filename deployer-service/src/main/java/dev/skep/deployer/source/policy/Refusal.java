package dev.skep.deployer.source.policy;

import dev.skep.deployer.compose.Mark;

/**
 * Something in a stack that its source may not have.
 *
 * @param place where it stands; null if it stands nowhere by itself
 * @param where the object and its key, {@code services.web.volumes}
 * @param message what is refused, and what to allow
 */
public record Refusal(Mark place, String where, String message) {}
