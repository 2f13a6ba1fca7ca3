package dev.skep.edge.haproxy;

import dev.skep.edge.EdgeModel;
import dev.skep.edge.EntryPoint;
import dev.skep.edge.MatchTable;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What of an HAProxy can change without a reload: as it should be, or as it was seen to be.
 *
 * @param backends servers by backend and server name; of an observed state also those that are
 *     being retired
 * @param maps entries by map and key
 * @param certificates fingerprints (SHA-256, lower-case hex) by file name
 */
public record ProxyState(
    SortedMap<String, SortedMap<String, Server>> backends,
    SortedMap<String, SortedMap<String, String>> maps,
    SortedMap<String, String> certificates) {

  /** The map of the plain entry point. */
  public static final String WEB = "web.map";

  /** The map of the TLS entry point. */
  public static final String WEBSECURE = "websecure.map";

  /** Holds the ACME account's thumbprint under {@link #THUMBPRINT}. */
  public static final String ACME = "acme.map";

  /** Backends that get their server's address as Host, to that address. */
  public static final String HOSTS = "hosts.map";

  static final String THUMBPRINT = "thumbprint";

  /** The value in a map that stands for a redirect to https. No backend has such a name. */
  static final String REDIRECT = "~https";

  /** Every map, in the order in which changes are safe: what is looked up last comes first. */
  static final Set<String> MAPS =
      Collections.unmodifiableSet(
          new java.util.LinkedHashSet<>(java.util.List.of(ACME, HOSTS, WEB, WEBSECURE)));

  /** One server. */
  public record Server(String address, int port, Mode mode) {}

  /** Whether a server gets requests. */
  public enum Mode {
    READY,
    /** Nothing new: weight 0. */
    DRAIN,
    /** On its way out, until its last connection ends. Never desired. */
    RETIRED
  }

  public ProxyState {
    TreeMap<String, SortedMap<String, Server>> b = new TreeMap<>();
    backends.forEach((k, v) -> b.put(k, Collections.unmodifiableSortedMap(new TreeMap<>(v))));
    TreeMap<String, SortedMap<String, String>> m = new TreeMap<>();
    MAPS.forEach(k -> m.put(k, Collections.emptySortedMap()));
    maps.forEach((k, v) -> m.put(k, Collections.unmodifiableSortedMap(new TreeMap<>(v))));
    backends = Collections.unmodifiableSortedMap(b);
    maps = Collections.unmodifiableSortedMap(m);
    certificates = Collections.unmodifiableSortedMap(new TreeMap<>(certificates));
  }

  /** What a bare configuration serves. */
  public static ProxyState empty() {
    return new ProxyState(new TreeMap<>(), new TreeMap<>(), new TreeMap<>());
  }

  /** What an admitted model asks for. */
  public static ProxyState desired(EdgeModel model) {
    SortedMap<String, SortedMap<String, String>> maps = new TreeMap<>();
    maps.put(WEB, map(model, EntryPoint.WEB));
    maps.put(WEBSECURE, map(model, EntryPoint.WEBSECURE));
    SortedMap<String, String> acme = new TreeMap<>();
    model.thumbprint().ifPresent(t -> acme.put(THUMBPRINT, t));
    maps.put(ACME, acme);
    SortedMap<String, String> hosts = new TreeMap<>();
    SortedMap<String, SortedMap<String, Server>> backends = new TreeMap<>();
    for (String id : referenced(model)) {
      Backend backend = model.backends().get(id);
      if (backend == null) {
        backends.put(ProxyNames.unknownBackend(id), new TreeMap<>());
        continue;
      }
      String name = ProxyNames.backend(backend);
      backends.put(name, servers(backend));
      if (!backend.passHostHeader() && !backend.servers().isEmpty()) {
        Backend.Server first = backend.servers().getFirst();
        hosts.put(name, first.address() + ":" + first.port());
      }
    }
    maps.put(HOSTS, hosts);
    SortedMap<String, String> certificates = new TreeMap<>();
    model
        .certificates()
        .values()
        .forEach(c -> certificates.put(ProxyNames.certificateFile(c.name()), c.fingerprint()));
    return new ProxyState(backends, maps, certificates);
  }

  /** How many servers get or finish requests. */
  public int servers() {
    return backends.values().stream()
        .mapToInt(s -> (int) s.values().stream().filter(v -> v.mode() != Mode.RETIRED).count())
        .sum();
  }

  private static Set<String> referenced(EdgeModel model) {
    Set<String> ids = new HashSet<>();
    for (Route route : model.routes().values()) {
      for (EntryPoint e : EntryPoint.values()) {
        if (e.action(route) == EntryPoint.Action.SERVE) {
          ids.add(route.backend());
        }
      }
    }
    return ids;
  }

  private static SortedMap<String, String> map(EdgeModel model, EntryPoint entryPoint) {
    SortedMap<String, String> map = new TreeMap<>();
    MatchTable.of(model.routes().values(), entryPoint)
        .forEach((key, route) -> map.put(key, target(model, entryPoint, route)));
    return map;
  }

  private static String target(EdgeModel model, EntryPoint entryPoint, Route route) {
    if (entryPoint.action(route) == EntryPoint.Action.REDIRECT) {
      return REDIRECT;
    }
    Backend backend = model.backends().get(route.backend());
    return backend == null
        ? ProxyNames.unknownBackend(route.backend())
        : ProxyNames.backend(backend);
  }

  private static SortedMap<String, Server> servers(Backend backend) {
    SortedMap<String, Server> servers = new TreeMap<>();
    for (Backend.Server s : backend.servers()) {
      Mode mode = s.state() == Backend.State.READY ? Mode.READY : Mode.DRAIN;
      servers.put(ProxyNames.server(s), new Server(s.address(), s.port(), mode));
    }
    return servers;
  }

  /** What {@code map} holds; empty if there is none. */
  Map<String, String> map(String map) {
    return maps.getOrDefault(map, Collections.emptySortedMap());
  }
}
