package dev.skep.edge.haproxy;

import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.SortedMap;
import java.util.TreeMap;

/** A state that steps change: what is applied, step after step. Not safe for concurrent use. */
public final class MutableState {
  private final SortedMap<String, SortedMap<String, Server>> backends = new TreeMap<>();
  private final SortedMap<String, SortedMap<String, String>> maps = new TreeMap<>();
  private final SortedMap<String, String> certificates;

  /** Starts from {@code state}. */
  public MutableState(ProxyState state) {
    state.backends().forEach((k, v) -> backends.put(k, new TreeMap<>(v)));
    state.maps().forEach((k, v) -> maps.put(k, new TreeMap<>(v)));
    certificates = new TreeMap<>(state.certificates());
  }

  /**
   * Takes note of a step that was done.
   *
   * @param desired where the step's certificate is found
   */
  public void done(Step step, ProxyState desired) {
    switch (step) {
      case Step.NewCertificate(String file) ->
          certificates.put(file, desired.certificates().get(file));
      case Step.RotateCertificate(String file) ->
          certificates.put(file, desired.certificates().get(file));
      case Step.RemoveCertificate(String file) -> certificates.remove(file);
      case Step.AddBackend(String backend) -> backends.putIfAbsent(backend, new TreeMap<>());
      case Step.PublishBackend _, Step.RetireBackend _ -> {}
      case Step.DeleteBackend(String backend) -> backends.remove(backend);
      case Step.AddServer(String backend, String name, Server server) ->
          backends.computeIfAbsent(backend, b -> new TreeMap<>()).put(name, server);
      case Step.SetServer(String backend, String name, Server _, Server server) ->
          backends.computeIfAbsent(backend, b -> new TreeMap<>()).put(name, server);
      case Step.RetireServer(String backend, String name) ->
          backends
              .getOrDefault(backend, new TreeMap<>())
              .computeIfPresent(name, (k, s) -> new Server(s.address(), s.port(), Mode.RETIRED));
      case Step.DeleteServer(String backend, String name) ->
          backends.getOrDefault(backend, new TreeMap<>()).remove(name);
      case Step.AddEntry(String map, String key, String value) -> maps.get(map).put(key, value);
      case Step.SetEntry(String map, String key, String value) -> maps.get(map).put(key, value);
      case Step.DeleteEntry(String map, String key) -> maps.get(map).remove(key);
      case Step.ReplaceMap(String map, SortedMap<String, String> entries) ->
          maps.put(map, new TreeMap<>(entries));
      case Step.Reload _ ->
          throw new IllegalArgumentException("after a reload the state is observed anew");
    }
  }

  /** The state now. */
  public ProxyState state() {
    return new ProxyState(backends, maps, certificates);
  }
}
