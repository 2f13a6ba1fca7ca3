package dev.skep.broker;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Kafka tells its whole life at level INFO; of that, only warnings concern who runs Skep. */
final class KafkaLogging {
  /** Held, because java.util.logging forgets the level of a logger that nobody refers to. */
  private static final List<Logger> QUIET =
      List.of(
          Logger.getLogger("org.apache.kafka"),
          Logger.getLogger("kafka"),
          Logger.getLogger("state.change.logger"));

  private KafkaLogging() {}

  /** Sets Kafka's loggers to warnings, but leaves what someone has set before. */
  static void quieten() {
    for (Logger logger : QUIET) {
      if (logger.getLevel() == null) {
        logger.setLevel(Level.WARNING);
      }
    }
  }
}
