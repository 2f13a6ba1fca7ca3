package dev.skep.edgeconfig.labels;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What a service's {@code traefik.} labels say.
 *
 * @param enable null if unset or not a boolean (then there is a problem)
 * @param network null if unset
 * @param routers by name, in the order of their names
 * @param services load balancers by name
 * @param middlewares by name
 * @param layer4 routers of TCP and UDP: {@code tcp.NAME}
 * @param problems of labels that belong to no router, service or middleware
 * @param ignored labels of the service itself that are known, harmless and not honoured
 */
public record TraefikLabels(
    Boolean enable,
    String network,
    Map<String, RouterLabels> routers,
    Map<String, ServiceLabels> services,
    Map<String, MiddlewareLabels> middlewares,
    List<String> layer4,
    List<LabelProblem> problems,
    List<String> ignored) {

  private static final String PREFIX = "traefik.";
  private static final List<String> TOP =
      List.of(
          "traefik.enable",
          "traefik.swarm.network",
          "traefik.swarm.lbswarm",
          "traefik.docker.network",
          "traefik.docker.lbswarm");
  private static final List<String> HTTP =
      List.of("traefik.http.routers", "traefik.http.services", "traefik.http.middlewares");

  public TraefikLabels {
    layer4 = List.copyOf(layer4);
  }

  /** Whether any label speaks to Traefik. */
  public static boolean present(Map<String, String> labels) {
    return labels.keySet().stream().anyMatch(TraefikLabels::isOurs);
  }

  private static boolean isOurs(String key) {
    return key.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  /** Reads the labels. Never fails: what is wrong stands in the parts that it belongs to. */
  public static TraefikLabels read(Map<String, String> labels) {
    return new Reading().of(labels);
  }

  /** Sorts labels into sections, and the sections into records. */
  private static final class Reading {
    private final Section top = new Section("traefik", "");
    private final Map<String, Map<String, Section>> sections = new TreeMap<>();
    private final TreeSet<String> layer4 = new TreeSet<>();

    TraefikLabels of(Map<String, String> labels) {
      new TreeMap<>(labels)
          .forEach(
              (key, value) -> {
                if (isOurs(key)) {
                  sort(key, value);
                }
              });
      Boolean enable = top.flag("enable");
      String swarm = top.text("swarm.network");
      for (String key : List.of("swarm.lbswarm", "docker.lbswarm")) {
        if (Boolean.TRUE.equals(top.flag(key))) {
          top.ignored.add("traefik." + key);
        }
      }
      return new TraefikLabels(
          enable,
          swarm != null ? swarm : top.text("docker.network"),
          read("routers", RouterLabels::read),
          read("services", ServiceLabels::read),
          read("middlewares", MiddlewareLabels::read),
          List.copyOf(layer4),
          List.copyOf(top.problems),
          List.copyOf(top.ignored));
    }

    private <T> Map<String, T> read(String kind, Function<Section, T> reader) {
      Map<String, T> result = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      sections
          .getOrDefault(kind, Map.of())
          .values()
          .forEach(s -> result.put(s.name, reader.apply(s)));
      return result;
    }

    private void sort(String key, String value) {
      String lower = key.toLowerCase(Locale.ROOT);
      if (TOP.contains(lower)) {
        top.put(key.substring(PREFIX.length()), value);
        return;
      }
      String[] parts = key.split("\\.", 5);
      String layer = parts[1].toLowerCase(Locale.ROOT);
      String kind = parts.length > 2 ? parts[2].toLowerCase(Locale.ROOT) : "";
      if (layer.equals("tcp") || layer.equals("udp")) {
        layer4.add(layer + "." + (parts.length > 3 ? parts[3] : ""));
      } else if (HTTP.contains("traefik." + layer + "." + kind)
          && parts.length > 3
          && !parts[3].isEmpty()) {
        String rest = parts.length > 4 ? parts[4] : "";
        section(kind, parts[3]).put(rest, value);
      } else {
        List<String> known = new ArrayList<>(TOP);
        known.addAll(HTTP);
        top.problem(
            Reason.UNKNOWN_LABEL,
            "label "
                + Quoted.of(key)
                + " does not exist"
                + Suggestion.hint(key.substring(0, end(key)), known));
      }
    }

    /** Where the third part of a key ends. */
    private static int end(String key) {
      int at = -1;
      for (int i = 0; i < 3; i++) {
        at = key.indexOf('.', at + 1);
        if (at < 0) {
          return key.length();
        }
      }
      return at;
    }

    private Section section(String kind, String name) {
      return sections
          .computeIfAbsent(kind, k -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER))
          .computeIfAbsent(name, n -> new Section("traefik.http." + kind + "." + n, n));
    }
  }

  /** Router of the service's own name, for a service that has none in its labels. */
  public static RouterLabels defaultRouter(String service) {
    return RouterLabels.unlabelled(Names.normalize(service));
  }
}
