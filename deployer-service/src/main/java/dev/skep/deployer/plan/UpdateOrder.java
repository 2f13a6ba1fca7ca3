package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * In which order a stack's services are made, by the label {@value #LABEL} on the service: {@code
 * last} waits for those before it, {@code manual} is left alone once it exists, and the deployer's
 * own service comes after all others, because its update ends the process that makes it.
 */
public final class UpdateOrder {
  public static final String LABEL = "dev.skep.update";

  private UpdateOrder() {}

  /**
   * Services in waves, each to be begun when the one before is done. No wave is empty.
   *
   * @param own the name of the deployer's own service; "" if it has none
   */
  public static List<List<ObjectNode>> waves(List<ObjectNode> services, String own) {
    Predicate<ObjectNode> self = s -> !own.isEmpty() && s.path("Name").asText().equals(own);
    Predicate<ObjectNode> last = s -> says(s, "last");
    List<List<ObjectNode>> waves = new ArrayList<>();
    waves.add(services.stream().filter(self.or(last).negate()).toList());
    waves.add(services.stream().filter(last.and(self.negate())).toList());
    waves.add(services.stream().filter(self).toList());
    waves.removeIf(List::isEmpty);
    return waves;
  }

  /** Whether a service that exists is left alone unless it is asked for. */
  public static boolean held(JsonNode spec) {
    return says(spec, "manual");
  }

  private static boolean says(JsonNode spec, String value) {
    return spec.path("Labels").path(LABEL).asText().equals(value);
  }
}
