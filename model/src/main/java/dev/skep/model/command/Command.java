package dev.skep.model.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Sealed;
import java.time.Instant;
import java.util.Objects;

/**
 * Something that a person or a program asks for. The target's owner folds it into desired state in
 * the transaction that commits its offset: once, and never after its time.
 *
 * @param id chosen by who asks; the same id is folded once
 * @param target whose desired state it changes: {@code deployer}, {@code edge}, {@code cert}
 * @param kind what to do: {@code stack.deploy}
 * @param by who asks, as the token names them
 * @param notAfter after this time it is not folded any more
 * @param body what to do it with, free of secrets; may be null
 * @param sealed what to do it with where that may hold secrets, sealed to the target; context is
 *     {@link #sealingContext}; may be null
 */
public record Command(
    String id,
    String target,
    String kind,
    String by,
    Instant issuedAt,
    Instant notAfter,
    JsonNode body,
    Sealed sealed) {

  public Command {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(notAfter, "notAfter");
  }

  /** What binds a sealed body to its command. */
  public static String sealingContext(String target, String id) {
    return "skep.commands|" + target + "|" + id;
  }
}
