package dev.skep.runtime.life;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.logging.LogManager;
import org.slf4j.event.Level;

/**
 * The process's log: one line per record, to standard error: time (UTC), level, logger, message,
 * then the key-value pairs; a stack trace follows on lines of its own.
 *
 * <p>It is an SLF4J provider of our own, because java.util.logging, whose provider is on the class
 * path for tests, puts the pairs before the message and falls silent during shutdown.
 */
public final class Logging {
  private static final String PROVIDER = "slf4j.provider";

  /** Above every level. */
  private static final int NEVER = Integer.MAX_VALUE;

  /** What is said below these levels concerns nobody who runs Skep. */
  private static final Map<String, Integer> FLOORS =
      Map.ofEntries(
          Map.entry("org.apache.kafka", Level.WARN.toInt()),
          // Clients report each failed attempt; what reads and writes through them says it once.
          Map.entry("org.apache.kafka.clients", Level.ERROR.toInt()),
          // Each connection that TLS refuses is an error to them; Refusals says it once a minute.
          Map.entry("org.apache.kafka.clients.NetworkClient", NEVER),
          Map.entry("org.apache.kafka.clients.Metadata", NEVER),
          // It warns that it begins its work.
          Map.entry("org.apache.kafka.controller.QuorumController", Level.ERROR.toInt()),
          Map.entry("kafka", Level.WARN.toInt()),
          Map.entry("state.change.logger", Level.WARN.toInt()),
          Map.entry("io.netty", Level.WARN.toInt()),
          Map.entry("io.vertx", Level.WARN.toInt()),
          Map.entry("com.github.dockerjava", Level.WARN.toInt()),
          Map.entry("org.shredzone", Level.WARN.toInt()));

  /** Who did what is written whatever the level. */
  private static final String AUDIT = "audit";

  private static volatile Level level = Level.INFO;

  private Logging() {}

  /**
   * Sets it up; call it first, before any logger is made: later it has no effect but on the level.
   *
   * @param wanted {@code ERROR}, {@code WARN}, {@code INFO}, {@code DEBUG} or {@code TRACE}, as
   *     {@code SKEP_LOG_LEVEL} gives it; null or anything else: INFO
   */
  public static void configure(String wanted) {
    level = parse(wanted);
    if (System.getProperty(PROVIDER) == null) {
      System.setProperty(PROVIDER, LineLoggerProvider.class.getName());
    }
    System.setProperty("slf4j.internal.verbosity", "WARN");
    // What logs through java.util.logging comes out of the same place.
    LogManager.getLogManager().reset();
    java.util.logging.Logger.getLogger("").addHandler(new JulBridge());
  }

  /** Whether a logger's records of this level are written. */
  static boolean enabled(String logger, Level asked) {
    return logger.equals(AUDIT)
        || (asked.toInt() >= level.toInt() && asked.toInt() >= floor(logger));
  }

  private static int floor(String logger) {
    String best = "";
    for (String prefix : FLOORS.keySet()) {
      boolean within = logger.equals(prefix) || logger.startsWith(prefix + ".");
      if (within && prefix.length() > best.length()) {
        best = prefix;
      }
    }
    return FLOORS.getOrDefault(best, Level.TRACE.toInt());
  }

  private static Level parse(String wanted) {
    String name = wanted == null ? "" : wanted.strip().toUpperCase(Locale.ROOT);
    return List.of(Level.values()).stream()
        .filter(l -> l.name().equals(name))
        .findFirst()
        .orElse(Level.INFO);
  }
}
