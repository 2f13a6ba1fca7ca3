package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the rotated secrets and configs of a stack that nothing needs any more. */
public final class UnusedFiles {
  private UnusedFiles() {}

  /**
   * Rotated objects that may be removed.
   *
   * @param kind secret or config
   * @param desired the stack's own, as they are desired
   * @param live the stack's, as the Engine lists them
   * @param services those whose specs, and specs before these, may name them
   * @param kept what kept revisions need, as {@code "secret NAME"}
   */
  public static List<JsonNode> of(
      String kind,
      List<ObjectNode> desired,
      List<JsonNode> live,
      Collection<JsonNode> services,
      Set<String> kept) {
    Set<String> used = namedBy(kind, services);
    // Made, but in no service: it stays for who uses it next, and would only be made again.
    Set<String> idle =
        desired.stream()
            .map(d -> d.path("Name").asText())
            .filter(n -> used.stream().noneMatch(u -> FilePlanner.standsFor(u, n)))
            .collect(Collectors.toSet());
    return live.stream()
        .filter(o -> isRotated(o) && !idle.contains(FilePlanner.rotationOf(o)))
        .filter(o -> !used.contains(LiveStack.nameOf(o)))
        .filter(o -> !kept.contains(kind + " " + LiveStack.nameOf(o)))
        .toList();
  }

  /** The names of the objects of a kind that services use now, or would after Swarm's rollback. */
  public static Set<String> namedBy(String kind, Collection<JsonNode> services) {
    String prefix = kind.equals("secret") ? "Secret" : "Config";
    return services.stream()
        .flatMap(s -> Stream.of(s.path("Spec"), s.path("PreviousSpec")))
        .flatMap(spec -> Names.filesOf(spec, prefix + "s", prefix).stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** By both signs: the label that rotation gives, and the form of the name. */
  private static boolean isRotated(JsonNode object) {
    String base = FilePlanner.rotationOf(object);
    String name = LiveStack.nameOf(object);
    return !base.isEmpty() && !name.equals(base) && FilePlanner.standsFor(name, base);
  }
}
