package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * In which order a stack's services are made, by the label {@value #LABEL} on the service: {@code
 * last} waits for those without it, {@code last-2} for these as well, and so on to {@code last-9};
 * {@code manual} is left alone once it exists, and the deployer's own service comes after all
 * others, because its update ends the process that makes it.
 */
public final class UpdateOrder {
  public static final String LABEL = "dev.skep.update";

  private static final Pattern LAST = Pattern.compile("last(?:-([2-9]))?");

  private UpdateOrder() {}

  /**
   * Services in waves, each to be begun when the one before is done. No wave is empty.
   *
   * @param own the name of the deployer's own service; "" if it has none
   */
  public static List<List<ObjectNode>> waves(List<ObjectNode> services, String own) {
    Predicate<ObjectNode> self = s -> !own.isEmpty() && s.path("Name").asText().equals(own);
    Map<Integer, List<ObjectNode>> ranks =
        services.stream()
            .filter(self.negate())
            .collect(Collectors.groupingBy(UpdateOrder::rank, TreeMap::new, Collectors.toList()));
    List<List<ObjectNode>> waves = new ArrayList<>(ranks.values());
    waves.add(services.stream().filter(self).toList());
    waves.removeIf(List::isEmpty);
    return waves;
  }

  /** Whether a service that exists is left alone unless it is asked for. */
  public static boolean held(JsonNode spec) {
    return says(spec, "manual");
  }

  private static int rank(JsonNode spec) {
    Matcher last = LAST.matcher(spec.path("Labels").path(LABEL).asText());
    if (!last.matches()) {
      return 0;
    }
    return last.group(1) == null ? 1 : Integer.parseInt(last.group(1));
  }

  private static boolean says(JsonNode spec, String value) {
    return spec.path("Labels").path(LABEL).asText().equals(value);
  }
}
