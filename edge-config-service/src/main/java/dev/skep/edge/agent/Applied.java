package dev.skep.edge.agent;

import dev.skep.edge.Refused;
import java.util.Map;

/**
 * What became of a target.
 *
 * @param proxy the proxy and its version: {@code haproxy 3.4.7}; without one while it does not run
 * @param state how far it came
 * @param message for a person; empty when served
 * @param refused what was found to be refused, by key: to be left out from now on
 * @param later whether something waits for its last connection, so that a look later is wanted
 */
record Applied(
    String proxy, State state, String message, Map<String, Refused> refused, boolean later) {
  /** How far a target came. */
  enum State {
    /** The proxy serves it, verified. */
    SERVED,
    /** It is on disk, or will be: no proxy runs. */
    WAITING,
    /** It is not served; what was served before is. */
    FAILED,
    /** Something was refused: try again without it. */
    AGAIN
  }

  Applied {
    refused = Map.copyOf(refused);
  }

  static Applied served(String proxy, boolean later) {
    return new Applied(proxy, State.SERVED, "", Map.of(), later);
  }

  static Applied waiting(String proxy, String message) {
    return new Applied(proxy, State.WAITING, message, Map.of(), false);
  }

  static Applied failed(String proxy, String message) {
    return new Applied(proxy, State.FAILED, message, Map.of(), false);
  }

  static Applied again(String proxy, Map<String, Refused> refused) {
    return new Applied(proxy, State.AGAIN, "", refused, false);
  }
}
