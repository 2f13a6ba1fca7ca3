package dev.skep.deployer.source.git;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks a host for something, for a limited time in all: a host that sends byte by byte is never
 * late with the next one, and looking up its name cannot be ended at all. All of it is done by one
 * virtual thread, whose connections are closed when it is interrupted; pipes want it to live as
 * long as the session. Not thread-safe.
 */
final class HostCalls implements AutoCloseable {
  /** How long a call that was interrupted may take to end; it has the transport until then. */
  private static final Duration ENDING = Duration.ofSeconds(2);

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("git-host").factory());

  /**
   * Asks.
   *
   * @param late what to tell if it takes longer than {@code limit}; nothing can be asked after that
   * @throws SourceException then, or if the caller is interrupted, or by the call itself
   * @throws IOException by the call itself
   */
  <T> T within(Duration limit, String late, Callable<T> call) throws IOException, SourceException {
    Future<T> answer = thread.submit(call);
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      close();
      throw new SourceException(late, e);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new SourceException("the deployer ends; it is read again when it is back", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private static IOException failure(Throwable cause) throws SourceException {
    switch (cause) {
      case IOException e -> {
        return e;
      }
      case SourceException e -> throw e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    }
  }

  /** Ends what is being asked. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      var _ = thread.awaitTermination(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
