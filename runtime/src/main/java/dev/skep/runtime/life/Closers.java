package dev.skep.runtime.life;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a process must close, closed in reverse order: each within its time, whatever the others do.
 * Thread-safe.
 */
public final class Closers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Closers.class);

  private record Entry(String name, AutoCloseable closeable) {}

  private final Duration each;
  private final Deque<Entry> entries = new ArrayDeque<>();
  private boolean closed;

  /**
   * Closes nothing yet.
   *
   * @param each how long to wait for one before the next is closed
   */
  public Closers(Duration each) {
    this.each = each;
  }

  /**
   * Remembers {@code closeable}, to be closed before those that were added earlier. After {@link
   * #close} it is closed at once.
   *
   * @param name in the log
   * @return {@code closeable}
   */
  public <C extends AutoCloseable> C add(String name, C closeable) {
    synchronized (this) {
      if (!closed) {
        entries.push(new Entry(name, closeable));
        return closeable;
      }
    }
    close(new Entry(name, closeable));
    return closeable;
  }

  /** Closes all; failures are logged and do not keep the rest open. Again: does nothing. */
  @Override
  public void close() {
    while (true) {
      Entry next;
      synchronized (this) {
        closed = true;
        if (entries.isEmpty()) {
          return;
        }
        next = entries.pop();
      }
      close(next);
    }
  }

  private void close(Entry entry) {
    Thread thread =
        Thread.ofVirtual().name("close-" + entry.name()).start(() -> closeQuietly(entry));
    try {
      if (!thread.join(each)) {
        log.atWarn().addKeyValue("part", entry.name()).log("Did not close in time; left behind");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(Entry entry) {
    try {
      entry.closeable().close();
      log.atDebug().addKeyValue("part", entry.name()).log("Closed");
    } catch (Exception e) {
      log.atWarn().setCause(e).addKeyValue("part", entry.name()).log("Did not close well");
    }
  }
}
