package dev.skep.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Lets the tests of several processes share one Engine: many at a time, and those that {@linkplain
 * RequiresEngine#alone ask to be alone} by themselves. The system gives a turn back if a process
 * ends without doing so.
 */
final class EngineTurns implements BeforeAllCallback, BeforeEachCallback {
  private static final Namespace NAMESPACE = Namespace.create(EngineTurns.class);

  /** Taken by whoever waits, so that whoever comes later does not go first. */
  private static final String QUEUE = "skep-tests-engine.queue";

  private static final String TURN = "skep-tests-engine.turn";

  /** A turn that lasts as long as it is open. */
  private record Turn(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    take(context);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    take(context);
  }

  /** A nested class, and a method, share the turn of what is around them. */
  private static void take(ExtensionContext context) {
    boolean alone =
        context
            .getElement()
            .flatMap(e -> AnnotationSupport.findAnnotation(e, RequiresEngine.class))
            .map(RequiresEngine::alone)
            .orElse(false);
    context.getStore(NAMESPACE).getOrComputeIfAbsent(Turn.class, key -> turn(alone));
  }

  private static Turn turn(boolean alone) {
    try (FileChannel queue = open(QUEUE);
        FileLock waiting = queue.lock()) {
      assert waiting.isValid();
      FileChannel channel = open(TURN);
      // The lock ends with the channel.
      FileLock lock = channel.lock(0, Long.MAX_VALUE, !alone);
      assert lock.isValid();
      return new Turn(channel);
    } catch (IOException e) {
      throw new UncheckedIOException("no turn with the Engine", e);
    }
  }

  private static FileChannel open(String name) throws IOException {
    return FileChannel.open(
        Path.of(System.getProperty("java.io.tmpdir"), name),
        StandardOpenOption.CREATE,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }
}
