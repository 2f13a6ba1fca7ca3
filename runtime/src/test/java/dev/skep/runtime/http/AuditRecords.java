package dev.skep.runtime.http;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the audit log says for as long as this is open. */
final class AuditRecords extends Handler implements AutoCloseable {
  /** Kept here: java.util.logging forgets loggers that nobody holds. */
  private final Logger audit = Logger.getLogger(AuditLog.NAME);

  private final List<String> lines = new CopyOnWriteArrayList<>();

  AuditRecords() {
    audit.addHandler(this);
  }

  List<String> lines() {
    return lines;
  }

  @Override
  public void publish(LogRecord record) {
    lines.add(record.getLevel() + " " + record.getMessage());
  }

  @Override
  public void flush() {}

  @Override
  public void close() {
    audit.removeHandler(this);
  }
}
