package dev.skep.deployer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Remembers what became of recent commands before they had a deployment: sent, or refused with a
 * reason. In memory only: after a restart, the deployments and the dead letters tell. Thread-safe.
 */
final class CommandTracker {
  private static final int MOST = 1_000;

  /** What is known of a command; {@code reason} is "" unless it was refused. */
  record State(String state, String reason) {}

  private final Map<String, State> states =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, State> eldest) {
          return size() > MOST;
        }
      };

  synchronized void sent(String command) {
    states.putIfAbsent(command, new State("pending", ""));
  }

  synchronized void rejected(String command, String reason) {
    states.put(command, new State("failed", reason));
  }

  synchronized Optional<State> get(String command) {
    return Optional.ofNullable(states.get(command));
  }
}
