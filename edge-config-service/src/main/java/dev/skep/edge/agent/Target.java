package dev.skep.edge.agent;

import dev.skep.edge.EdgeModel;
import dev.skep.edge.haproxy.ProxyNames;
import dev.skep.edge.haproxy.ProxyState;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an edge shall serve, with all that is needed for it.
 *
 * @param model admitted
 * @param bundles by certificate name; one for each certificate in the model
 */
record Target(EdgeModel model, Map<String, PemBundle> bundles) {
  Target {
    bundles = Map.copyOf(bundles);
  }

  /** The state of an HAProxy that serves this. */
  ProxyState state() {
    return ProxyState.desired(model);
  }

  /** PEM bundles by file name. */
  SortedMap<String, PemBundle> files() {
    SortedMap<String, PemBundle> files = new TreeMap<>();
    model
        .certificates()
        .keySet()
        .forEach(name -> files.put(ProxyNames.certificateFile(name), bundles.get(name)));
    return files;
  }
}
