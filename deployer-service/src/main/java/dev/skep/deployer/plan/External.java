package dev.skep.deployer.plan;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.Names.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The names of what a stack's services use and the stack does not make: it has to be there. */
public record External(Set<String> networks, Set<String> secrets, Set<String> configs) {
  /** Of a stack. The Engine's own networks are not among them. */
  public static External of(StackObjects objects) {
    External external = new External(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    for (ObjectNode service : objects.services()) {
      external.networks.addAll(Names.networksOf(service));
      external.secrets.addAll(Names.filesOf(service, "Secrets", "Secret"));
      external.configs.addAll(Names.filesOf(service, "Configs", "Config"));
    }
    objects.networks().forEach(n -> external.networks.remove(n.path("Name").asText()));
    objects.secrets().forEach(s -> external.secrets.remove(s.path("Name").asText()));
    objects.configs().forEach(c -> external.configs.remove(c.path("Name").asText()));
    external.networks.removeAll(PredefinedNetworks.NAMES);
    return external;
  }

  /**
   * The ids of what of it is there.
   *
   * @param networkIds name to id, of any
   * @param secretIds the same
   * @param configIds the same
   * @return to which more may be added
   */
  public Names names(
      Map<String, String> networkIds,
      Map<String, String> secretIds,
      Map<String, String> configIds) {
    Names names = Names.empty();
    networks.stream()
        .filter(networkIds::containsKey)
        .forEach(n -> names.networks().put(n, networkIds.get(n)));
    targets(secrets, secretIds, names.secrets());
    targets(configs, configIds, names.configs());
    return names;
  }

  /** What of it is not there, each with how to make it. */
  public List<String> missing(Names found) {
    List<String> missing = new ArrayList<>();
    for (String network : networks) {
      if (!found.networks().containsKey(network)) {
        missing.add(
            "network '%s' (create it: docker network create --driver overlay %s)"
                .formatted(network, network));
      }
    }
    missing("secret", secrets, found.secrets(), missing);
    missing("config", configs, found.configs(), missing);
    return missing;
  }

  private static void targets(
      Set<String> wanted, Map<String, String> ids, Map<String, Target> targets) {
    wanted.stream()
        .filter(ids::containsKey)
        .forEach(n -> targets.put(n, new Target(n, ids.get(n))));
  }

  private static void missing(
      String kind, Set<String> wanted, Map<String, Target> found, List<String> missing) {
    for (String name : wanted) {
      if (!found.containsKey(name)) {
        missing.add("%s '%s' (create it: docker %s create)".formatted(kind, name, kind));
      }
    }
  }
}
