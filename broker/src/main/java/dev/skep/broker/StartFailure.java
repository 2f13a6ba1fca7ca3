package dev.skep.broker;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/** Turns what Kafka throws into one line that says what to do. */
final class StartFailure {
  private StartFailure() {}

  static BrokerException explain(Path dir, Throwable e) {
    for (Throwable t = e; t != null; t = t.getCause() == t ? null : t.getCause()) {
      if (t instanceof AccessDeniedException) {
        return new BrokerException(
            "the broker cannot write to " + dir + ": make it writable for this user", e);
      }
      String message = String.valueOf(t.getMessage());
      if (message.contains("No space left") || message.contains("Disk quota exceeded")) {
        return new BrokerException(
            "no space is left for the broker's data in " + dir + ": free some, or move it", e);
      }
      if (message.contains("Read-only file system")) {
        return new BrokerException(
            "the broker's data directory " + dir + " is on a read-only file system", e);
      }
    }
    if (e instanceof FileSystemException f) {
      return new BrokerException(
          "the broker's data directory " + dir + " cannot be used: " + f.getMessage(), e);
    }
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return new BrokerException(
        "the broker cannot start on " + dir + ": " + e.getClass().getSimpleName() + ": " + message,
        e);
  }
}
