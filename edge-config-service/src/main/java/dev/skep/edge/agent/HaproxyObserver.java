package dev.skep.edge.agent;

import dev.skep.edge.haproxy.ProxyState;
import dev.skep.edge.haproxy.ProxyState.Server;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.edge.haproxy.StepCommands;
import java.io.IOException;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/** Reads what a running HAProxy serves. */
final class HaproxyObserver {
  private final HaproxyControl control;
  private final StepCommands paths;
  private final UnaryOperator<String> bySha1;

  /**
   * An observer.
   *
   * @param bySha1 a certificate's SHA-1 to its SHA-256, or something else if it is not known
   */
  HaproxyObserver(HaproxyControl control, StepCommands paths, UnaryOperator<String> bySha1) {
    this.control = control;
    this.paths = paths;
    this.bySha1 = bySha1;
  }

  /** All of it. */
  ProxyState all() throws IOException {
    SortedMap<String, SortedMap<String, Server>> backends =
        RuntimeAnswers.servers(control.ask("show servers state"));
    for (String name : RuntimeAnswers.backends(control.ask("show backend"))) {
      backends.putIfAbsent(name, new TreeMap<>());
    }
    SortedMap<String, SortedMap<String, String>> maps = new TreeMap<>();
    for (String map : ProxyState.empty().maps().keySet()) {
      maps.put(map, map(map));
    }
    return new ProxyState(
        backends,
        maps,
        certificates(RuntimeAnswers.crtList(control.ask("show ssl crt-list " + paths.crtList()))));
  }

  /** A map's entries. */
  SortedMap<String, String> map(String name) throws IOException {
    return RuntimeAnswers.map(control.ask("show map " + paths.map(name)));
  }

  /** A backend's servers. */
  SortedMap<String, Server> servers(String backend) throws IOException {
    return RuntimeAnswers.servers(control.ask("show servers state " + backend))
        .getOrDefault(backend, new TreeMap<>());
  }

  /** The fingerprints of these files' certificates; those that are not there are left out. */
  SortedMap<String, String> certificates(Collection<String> files) throws IOException {
    Map<String, String> found = new TreeMap<>();
    for (String file : files) {
      String answer = control.ask("show ssl cert " + paths.path(file));
      RuntimeAnswers.sha1(answer).ifPresent(sha1 -> found.put(file, bySha1.apply(sha1)));
    }
    return new TreeMap<>(found);
  }
}
