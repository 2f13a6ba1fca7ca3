package dev.skep.deployer;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * What this process logs for as long as it is open: of our own packages all levels, of libraries
 * what is written without being asked for.
 */
final class LogRecords extends Handler implements AutoCloseable {
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger OWN = Logger.getLogger("dev.skep");

  private final List<String> lines = new CopyOnWriteArrayList<>();

  private LogRecords() {}

  static LogRecords begin() {
    LogRecords records = new LogRecords();
    ROOT.addHandler(records);
    OWN.setLevel(Level.ALL);
    return records;
  }

  String text() {
    return String.join("\n", lines);
  }

  @Override
  public void publish(LogRecord record) {
    lines.add(record.getLoggerName() + ": " + record.getMessage() + " " + record.getThrown());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    ROOT.removeHandler(this);
    OWN.setLevel(null);
  }
}
