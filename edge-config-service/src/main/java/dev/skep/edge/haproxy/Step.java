package dev.skep.edge.haproxy;

import dev.skep.edge.haproxy.ProxyState.Server;
import java.util.SortedMap;

/** One change to a running HAProxy. Each can be done again without harm. */
public sealed interface Step {
  /** Installs a certificate that is not there. */
  record NewCertificate(String file) implements Step {}

  /** Puts another certificate in an installed one's place. */
  record RotateCertificate(String file) implements Step {}

  record RemoveCertificate(String file) implements Step {}

  /** Makes a backend and opens it for traffic. */
  record AddBackend(String backend) implements Step {}

  /** Opens a backend that had been retired. */
  record PublishBackend(String backend) implements Step {}

  /** Closes a backend for new requests. */
  record RetireBackend(String backend) implements Step {}

  /** Deletes a retired backend; refused, harmlessly, while it is in use. */
  record DeleteBackend(String backend) implements Step {}

  record AddServer(String backend, String name, Server server) implements Step {}

  /** Ready or draining, and perhaps back from retirement. */
  record SetServer(String backend, String name, Server before, Server server) implements Step {}

  /** Takes a server out of service; its connections may end in peace. */
  record RetireServer(String backend, String name) implements Step {}

  /** Deletes a retired server; refused, harmlessly, while it has connections. */
  record DeleteServer(String backend, String name) implements Step {}

  /** Adds one entry to a map. */
  record AddEntry(String map, String key, String value) implements Step {}

  /** Changes one entry of a map. */
  record SetEntry(String map, String key, String value) implements Step {}

  record DeleteEntry(String map, String key) implements Step {}

  /** Replaces a map's entries at one instant. */
  record ReplaceMap(String map, SortedMap<String, String> entries) implements Step {}

  /** Starts new workers from the files. */
  record Reload(String why) implements Step {}

  /** Whether a refusal only means: later. */
  default boolean mayWait() {
    return this instanceof DeleteBackend || this instanceof DeleteServer;
  }
}
