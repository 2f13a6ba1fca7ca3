package dev.skep.edge.haproxy;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * From what an HAProxy serves and what it should serve to the smallest steps between. What comes is
 * made before what goes, and maps are changed in between, so that no request meets a gap.
 */
public final class StepPlanner {
  private StepPlanner() {}

  /**
   * The steps, in order; empty if nothing is to be done.
   *
   * @param applied as observed, or as observed and changed by {@link ProxyState} steps since
   */
  public static List<Step> plan(ProxyState applied, ProxyState desired, HaproxyVersion version) {
    if (!version.dynamicBackends() && !newBackends(applied, desired).isEmpty()) {
      return List.of(new Step.Reload("HAProxy before 3.4 cannot add a backend while it runs"));
    }
    List<Step> steps = new ArrayList<>();
    arrivingCertificates(applied, desired, steps);
    arrivingServers(applied, desired, steps);
    ProxyState.MAPS.forEach(m -> map(m, applied.map(m), desired.map(m), steps));
    leavingServers(applied, desired, version, steps);
    for (String file : applied.certificates().keySet()) {
      if (!desired.certificates().containsKey(file)) {
        steps.add(new Step.RemoveCertificate(file));
      }
    }
    return steps;
  }

  private static SortedSet<String> newBackends(ProxyState applied, ProxyState desired) {
    SortedSet<String> names = new TreeSet<>(desired.backends().keySet());
    names.removeAll(applied.backends().keySet());
    return names;
  }

  private static void arrivingCertificates(
      ProxyState applied, ProxyState desired, List<Step> steps) {
    desired
        .certificates()
        .forEach(
            (file, fingerprint) -> {
              String now = applied.certificates().get(file);
              if (now == null) {
                steps.add(new Step.NewCertificate(file));
              } else if (!now.equals(fingerprint)) {
                steps.add(new Step.RotateCertificate(file));
              }
            });
  }

  private static void arrivingServers(ProxyState applied, ProxyState desired, List<Step> steps) {
    desired
        .backends()
        .forEach(
            (backend, servers) -> {
              SortedMap<String, Server> now = applied.backends().get(backend);
              if (now == null) {
                steps.add(new Step.AddBackend(backend));
              } else if (retired(now) && !servers.isEmpty()) {
                // It may have been closed: opening an open one does nothing.
                steps.add(new Step.PublishBackend(backend));
              }
              // Those that take requests before those that give theirs up.
              for (Mode mode : List.of(Mode.READY, Mode.DRAIN)) {
                servers.forEach(
                    (name, server) -> {
                      if (server.mode() == mode) {
                        server(backend, name, now == null ? null : now.get(name), server, steps);
                      }
                    });
              }
            });
  }

  private static boolean retired(SortedMap<String, Server> servers) {
    return servers.values().stream().allMatch(s -> s.mode() == Mode.RETIRED);
  }

  private static void server(
      String backend, String name, Server now, Server server, List<Step> steps) {
    if (now == null) {
      steps.add(new Step.AddServer(backend, name, server));
    } else if (!now.equals(server)) {
      steps.add(new Step.SetServer(backend, name, now, server));
    }
  }

  private static void map(
      String map, Map<String, String> now, Map<String, String> desired, List<Step> steps) {
    List<Step> changes = new ArrayList<>();
    desired.forEach(
        (key, value) -> {
          String before = now.get(key);
          if (before == null) {
            changes.add(new Step.AddEntry(map, key, value));
          } else if (!before.equals(value)) {
            changes.add(new Step.SetEntry(map, key, value));
          }
        });
    for (String key : now.keySet()) {
      if (!desired.containsKey(key)) {
        changes.add(new Step.DeleteEntry(map, key));
      }
    }
    if (changes.size() <= 1) {
      steps.addAll(changes);
    } else {
      // Entries stand for each other's priorities: several change together or not at all.
      steps.add(new Step.ReplaceMap(map, new java.util.TreeMap<>(desired)));
    }
  }

  private static void leavingServers(
      ProxyState applied, ProxyState desired, HaproxyVersion version, List<Step> steps) {
    applied
        .backends()
        .forEach(
            (backend, servers) -> {
              SortedMap<String, Server> wanted = desired.backends().get(backend);
              if (wanted == null && !retired(servers) && version.dynamicBackends()) {
                steps.add(new Step.RetireBackend(backend));
              }
              servers.forEach(
                  (name, server) -> {
                    if (wanted != null && wanted.containsKey(name)) {
                      return;
                    }
                    if (server.mode() != Mode.RETIRED) {
                      steps.add(new Step.RetireServer(backend, name));
                    }
                    steps.add(new Step.DeleteServer(backend, name));
                  });
              if (wanted == null && version.dynamicBackends()) {
                steps.add(new Step.DeleteBackend(backend));
              }
            });
  }
}
