package dev.skep.cli.cluster;

import dev.skep.cli.EngineOptions;
import dev.skep.engine.EngineClient;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Commands that go on inside the cluster when the suite is not in a process of this machine. */
public final class Inside {
  /** For commands that find the suite neither here nor on the cluster. */
  public static final String NOT_RUNNING =
      "the suite runs neither on this machine (./skep up) nor as a stack whose admin container is on"
          + " this node (use a manager's Engine: --host)";

  private Inside() {}

  /**
   * Runs a command inside that reads nothing, its output being this process's own.
   *
   * @return its exit code; empty if the stack is not on that Engine's node
   * @throws dev.skep.engine.EngineException if the Engine does not answer
   */
  public static Optional<Integer> run(EngineOptions engine, List<String> args) throws Exception {
    try (EngineClient client = engine.connect()) {
      Optional<ClusterSession> session = ClusterSession.find(client);
      return session.isEmpty()
          ? Optional.empty()
          : Optional.of(
              session.get().exec(InputStream.nullInputStream(), System.out, System.err, args));
    }
  }
}
