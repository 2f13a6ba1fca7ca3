package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Leaves out the services whose profiles are not asked for, as docker compose does. */
final class Profiles {
  static final String KEY = "profiles";

  /** The variable that names the profiles, by comma; {@code *} stands for all. */
  static final String VARIABLE = "COMPOSE_PROFILES";

  private Profiles() {}

  /** The file with only those services that have no profile, or one that is asked for. */
  static Fields choose(Fields root, Map<String, String> variables, Problems problems) {
    if (!(root.get("services") instanceof Fields services)) {
      return root;
    }
    Set<String> asked =
        Arrays.stream(variables.getOrDefault(VARIABLE, "").split(",", -1))
            .map(String::strip)
            .collect(Collectors.toSet());
    Map<String, Field> active = new LinkedHashMap<>();
    services
        .fields()
        .forEach(
            (name, field) -> {
              List<String> profiles = services.fieldsOf(name).textsOf(KEY);
              if (profiles.isEmpty()
                  || asked.contains("*")
                  || profiles.stream().anyMatch(asked::contains)) {
                active.put(name, field);
              } else {
                problems.warn(
                    field.keyMark(),
                    "'services.%s' is left out: %s names none of its profiles %s"
                        .formatted(name, VARIABLE, String.join(", ", profiles)));
              }
            });
    return root.with("services", new Fields(active, services.mark()));
  }
}
