package dev.skep.runtime.kafka;

import dev.skep.model.command.Command;
import dev.skep.runtime.Platform;
import java.util.List;

/**
 * Folds commands into desired state, each once and none after its time: what the folder returns is
 * written in the transaction that also commits the command's offset. Ids are remembered across
 * restarts by reading the topic back.
 */
public final class CommandLoop implements AutoCloseable {
  /** Turns a command into writes. */
  @FunctionalInterface
  public interface Folder {
    /**
     * What the command changes in desired state. May be called again with the same command if the
     * transaction failed: it must have no other effect. Runs on the loop's virtual thread; may
     * block.
     *
     * @throws CommandRejectedException if it cannot be done; it is then counted and becomes a dead
     *     letter with this reason
     */
    List<Write<?>> fold(Command command) throws CommandRejectedException;

    /**
     * Told after a command was put aside for good: rejected, or past its time.
     *
     * @param reason why, for who asked
     */
    default void rejected(Command command, String reason) {}
  }

  private CommandLoop() {}

  /**
   * Starts the loop on a virtual thread of its own and returns at once. Its place in the topic is
   * kept per principal and target, so that every edge's agent sees every command for edges.
   *
   * @param writer whose transactions are used; not closed with the loop
   * @param target which commands: {@code deployer}, {@code edge}
   */
  public static CommandLoop open(Platform platform, Writer writer, String target, Folder folder) {
    throw new UnsupportedOperationException("not yet");
  }

  /** Whether the ids seen before have been read back, so that commands are being folded. */
  public boolean ready() {
    throw new UnsupportedOperationException("not yet");
  }

  /** Ends it after the command under way. */
  @Override
  public void close() {
    throw new UnsupportedOperationException("not yet");
  }
}
