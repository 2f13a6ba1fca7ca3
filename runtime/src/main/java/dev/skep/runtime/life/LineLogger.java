package dev.skep.runtime.life;

import java.time.Clock;
import java.util.List;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/** Writes each record as a line. */
final class LineLogger extends LegacyAbstractLogger implements LoggingEventAware {
  private static final long serialVersionUID = 1L;

  /** Log times are for people: they are the machine's own. */
  private static final Clock CLOCK = Clock.systemUTC();

  LineLogger(String name) {
    this.name = name;
  }

  @Override
  public void log(LoggingEvent event) {
    if (!Logging.enabled(name, event.getLevel())) {
      return;
    }
    String message =
        MessageFormatter.basicArrayFormat(event.getMessage(), event.getArgumentArray());
    write(
        LogLine.format(
            CLOCK.instant(),
            event.getLevel(),
            name,
            message,
            event.getKeyValuePairs() == null ? List.of() : event.getKeyValuePairs(),
            event.getThrowable()));
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level, Marker marker, String pattern, Object[] arguments, Throwable throwable) {
    String message = MessageFormatter.basicArrayFormat(pattern, arguments);
    write(LogLine.format(CLOCK.instant(), level, name, message, List.of(), throwable));
  }

  /** In one call, so that lines of several threads do not mix. */
  static void write(String line) {
    System.err.print(line);
  }

  @Override
  protected String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  public boolean isTraceEnabled() {
    return Logging.enabled(name, Level.TRACE);
  }

  @Override
  public boolean isDebugEnabled() {
    return Logging.enabled(name, Level.DEBUG);
  }

  @Override
  public boolean isInfoEnabled() {
    return Logging.enabled(name, Level.INFO);
  }

  @Override
  public boolean isWarnEnabled() {
    return Logging.enabled(name, Level.WARN);
  }

  @Override
  public boolean isErrorEnabled() {
    return Logging.enabled(name, Level.ERROR);
  }
}
