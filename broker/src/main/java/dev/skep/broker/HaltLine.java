package dev.skep.broker;

import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kafka ends the whole process when its data directory fails while it runs, as on a full disk. That
 * is right, since nothing could be written any more, but it must not happen without a word.
 */
final class HaltLine {
  private static final Logger log = LoggerFactory.getLogger(HaltLine.class);

  private HaltLine() {}

  /** Takes effect for all brokers of the process. */
  static void install() {
    Exit.setHaltProcedure((code, message) -> end(code, message));
    Exit.setExitProcedure((code, message) -> end(code, message));
  }

  private static void end(int code, String message) {
    log.atError()
        .addKeyValue("code", code)
        .addKeyValue("message", message)
        .log(
            "The broker cannot go on and ends this process: look for a full or failing disk under"
                + " its data directory, then start again");
    Runtime.getRuntime().halt(code);
  }
}
