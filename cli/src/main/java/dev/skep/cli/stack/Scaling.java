package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many replicas a service shall have.
 *
 * @param service its full name
 */
record Scaling(String id, String service, long replicas) {
  private static final Pattern REQUEST = Pattern.compile("(?<service>[^=]+)=(?<n>\\d{1,9})");

  /**
   * What is asked for, checked as a whole.
   *
   * @param requests each {@code SERVICE=N}
   * @return by service
   * @throws CliException naming everything that is wrong
   */
  static List<Scaling> plan(StackServices services, List<String> requests) {
    Map<String, Scaling> plan = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (String request : requests) {
      Matcher parts = REQUEST.matcher(request);
      if (!parts.matches()) {
        problems.add("'%s' is not understood: write SERVICE=N, with N from 0".formatted(request));
        continue;
      }
      String full = services.full(parts.group("service"));
      if (full == null) {
        unknown.add(parts.group("service"));
        continue;
      }
      JsonNode service = services.byName().get(full);
      String refused = refused(full, service.path("Spec").path("Mode"));
      if (!refused.isEmpty()) {
        problems.add(refused);
        continue;
      }
      long replicas = Long.parseLong(parts.group("n"));
      if (plan.put(full, new Scaling(service.path("ID").asText(), full, replicas)) != null) {
        problems.add("service %s is named more than once".formatted(full));
      }
    }
    if (!unknown.isEmpty()) {
      problems.add(services.unknown(unknown).getMessage());
    }
    if (!problems.isEmpty()) {
      throw new CliException(String.join("\nskep: ", problems));
    }
    return List.copyOf(plan.values());
  }

  /** Why a service cannot be scaled; "" if it can. */
  private static String refused(String name, JsonNode mode) {
    if (mode.has("Replicated")) {
      return "";
    }
    if (mode.has("Global")) {
      return "service %s is global: it runs once on every node that its constraints allow"
          .formatted(name);
    }
    return "service %s is a job, which runs to its end and is not kept running: deploy it with another number instead"
        .formatted(name);
  }

  /**
   * Sets the number in a spec.
   *
   * @return whether it was another
   * @throws CliException if the service is no longer replicated
   */
  boolean set(ObjectNode spec) {
    String refused = refused(service, spec.path("Mode"));
    if (!refused.isEmpty()) {
      throw new CliException(refused);
    }
    if (replicasOf(spec) == replicas) {
      return false;
    }
    spec.withObject("/Mode/Replicated").put("Replicas", replicas);
    return true;
  }

  /** How many replicas a spec names; -1 for none. */
  static long replicasOf(JsonNode spec) {
    return spec.at("/Mode/Replicated/Replicas").asLong(-1);
  }
}
