package dev.skep.deployer.source.declare;

import dev.skep.deployer.compose.Problems;
import dev.skep.deployer.compose.Value;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what stands under {@code policy}. */
final class PolicyReader {
  private final Problems problems;

  PolicyReader(Problems problems) {
    this.problems = problems;
  }

  Policy read(Fields fields) {
    return new Policy(
        names(fields, "secrets"),
        names(fields, "configs"),
        names(fields, "networks"),
        names(fields, "volumes"),
        binds(fields),
        Boolean.TRUE.equals(fields.flag("engineSocket")),
        fields.textsOf("capabilities").stream()
            .map(PolicyReader::capability)
            .collect(Collectors.toSet()),
        names(fields, "sysctls"),
        ports(fields, "hostPorts"),
        ports(fields, "ports"),
        Boolean.TRUE.equals(fields.flag("managers")),
        names(fields, "labels"),
        Set.copyOf(fields.textsOf("logDrivers")),
        Set.copyOf(fields.textsOf("volumeDrivers")),
        Set.copyOf(fields.textsOf("networkDrivers")),
        Set.copyOf(fields.textsOf("settings")),
        names(fields, "adopt"));
  }

  private static NamePatterns names(Fields fields, String key) {
    return new NamePatterns(fields.textsOf(key));
  }

  private List<String> binds(Fields fields) {
    for (Value item : fields.itemsOf("binds")) {
      String path = ((Scalar) item).text();
      String plain = path.endsWith("/*") ? path.substring(0, path.length() - 2) : path;
      boolean normal =
          path.equals("/")
              || (plain.startsWith("/") && !plain.matches(".*(//|/\\.{1,2}(/|$)|/$|\\*).*"));
      boolean pipe = path.startsWith("\\\\") || path.startsWith("//");
      if (!normal && !pipe) {
        problems.error(
            item.mark(),
            "binds: '%s' must be an absolute path without '..', or PATH/* for all below it"
                .formatted(path));
      }
    }
    return fields.textsOf("binds");
  }

  private PortRanges ports(Fields fields, String key) {
    try {
      return PortRanges.parse(fields.textsOf(key));
    } catch (IllegalArgumentException e) {
      problems.error(fields.get(key).mark(), key + ": " + e.getMessage());
      return new PortRanges(List.of());
    }
  }

  /** As the Engine writes it. */
  private static String capability(String name) {
    String upper = name.strip().toUpperCase(Locale.ROOT);
    return upper.equals("ALL") || upper.startsWith("CAP_") ? upper : "CAP_" + upper;
  }
}
