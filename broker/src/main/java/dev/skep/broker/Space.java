package dev.skep.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the data directory's file system has room. Kafka itself finds out halfway, and halts. */
final class Space {
  /** Two state topics' segments, and Kafka's own: less cannot carry even a small cluster's day. */
  private static final long NEEDED_MEBIBYTES = 64;

  private Space() {}

  /**
   * Looks at the file system.
   *
   * @throws BrokerException if there is too little room
   */
  static void check(Path dir) throws IOException {
    check(dir, Files.getFileStore(dir).getUsableSpace() >> 20);
  }

  static void check(Path dir, long freeMebibytes) {
    if (freeMebibytes < NEEDED_MEBIBYTES) {
      throw new BrokerException(
          "too little space for the broker's data in %s (%d MiB free, %d needed): free some, or choose another data directory"
              .formatted(dir, freeMebibytes, NEEDED_MEBIBYTES),
          null);
    }
  }
}
