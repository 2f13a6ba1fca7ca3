package dev.skep.deployer.source.policy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/** Refuses what the rules do not know. */
final class Known {
  private Known() {}

  static void check(JsonNode object, Set<String> keys, Refusals refusals, String service) {
    object
        .properties()
        .forEach(
            field -> {
              if (!keys.contains(field.getKey())) {
                refusals.never(
                    "'%s' is not known to the policy, which refuses it".formatted(field.getKey()),
                    "services",
                    service);
              }
            });
  }
}
