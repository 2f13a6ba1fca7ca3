package dev.skep.deployer.access;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.access.Role;
import dev.skep.runtime.access.TokenBook;
import dev.skep.runtime.access.TokenText;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What a new token shall be.
 *
 * @param life how long it is good for; null: until it is revoked
 */
record TokenRequest(String name, Role role, Duration life) {
  private static final Set<String> KEYS = Set.of("name", "role", "expires");
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(3650);

  /**
   * Reads {@code {"name":NAME,"role":ROLE,"expires":"90d"}}.
   *
   * @throws IllegalArgumentException with what is wrong and what to do
   */
  static TokenRequest fromJson(JsonNode json) {
    if (json == null || !json.isObject()) {
      throw new IllegalArgumentException(
          "send {\"name\":NAME,\"role\":ROLE}, and \"expires\":\"90d\" if it shall end");
    }
    Set<String> unknown = new TreeSet<>();
    json.fieldNames().forEachRemaining(unknown::add);
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      // A misspelt "expires" would make a token for ever.
      throw new IllegalArgumentException(
          "unknown: " + String.join(", ", unknown) + "; known are name, role, expires");
    }
    return new TokenRequest(name(json.path("name")), role(json.path("role")), life(json));
  }

  private static String name(JsonNode name) {
    if (!name.isTextual() || !TokenText.isName(name.textValue())) {
      throw new IllegalArgumentException(
          "name must be 1 to 40 lower-case letters, digits and '-', and not begin with '-'");
    }
    if (name.textValue().equals(TokenBook.ROOT)) {
      throw new IllegalArgumentException(
          "'root' is the token that the services are started with: choose another name");
    }
    return name.textValue();
  }

  private static Role role(JsonNode role) {
    return Role.named(role.asText())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "role must be one of "
                        + Arrays.stream(Role.values())
                            .map(Role::id)
                            .collect(Collectors.joining(", "))));
  }

  private static Duration life(JsonNode json) {
    JsonNode expires = json.path("expires");
    if (expires.isMissingNode() || expires.isNull()) {
      return null;
    }
    ConfigReader reader = new ConfigReader(Map.of("expires", expires.asText()));
    Duration life = reader.duration("expires", Duration.ZERO);
    try {
      reader.check();
    } catch (ConfigException e) {
      throw new IllegalArgumentException(e.problems().getFirst(), e);
    }
    if (life.compareTo(SHORTEST) < 0 || life.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("expires must be from 1m to 3650d, such as 90d");
    }
    return life;
  }
}
