package dev.skep.runtime.life;

import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.slf4j.event.Level;

/** Brings what is logged through java.util.logging into the same lines. */
final class JulBridge extends Handler {
  private final SimpleFormatter formatter = new SimpleFormatter();

  @Override
  public void publish(LogRecord record) {
    String logger = record.getLoggerName() == null ? "" : record.getLoggerName();
    Level level = level(record.getLevel().intValue());
    if (Logging.enabled(logger, level)) {
      LineLogger.write(
          LogLine.format(
              record.getInstant(),
              level,
              logger,
              formatter.formatMessage(record),
              List.of(),
              record.getThrown()));
    }
  }

  private static Level level(int jul) {
    if (jul >= java.util.logging.Level.SEVERE.intValue()) {
      return Level.ERROR;
    }
    if (jul >= java.util.logging.Level.WARNING.intValue()) {
      return Level.WARN;
    }
    if (jul >= java.util.logging.Level.INFO.intValue()) {
      return Level.INFO;
    }
    return jul >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
  }

  @Override
  public void flush() {
    // Lines are written at once.
  }

  @Override
  public void close() {
    // Standard error is not ours to close.
  }
}
