package dev.skep.cli.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.LogLine;
import dev.skep.engine.LogLine.Source;
import dev.skep.engine.LogOptions;
import dev.skep.engine.LogStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The logs of several services at a time, merged as they come. One that fails stops no other. */
final class StackLogs implements AutoCloseable {
  private static final Set<String> READABLE = Set.of("", "json-file", "journald", "local");

  private final EngineClient engine;
  private final LogOptions options;
  private final LogWriters writers;
  private final LogOutput output;
  private final Queue<LogStream> streams = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unread = new AtomicInteger();
  private volatile boolean closed;

  StackLogs(EngineClient engine, LogOptions options, LogWriters writers, LogOutput output) {
    this.engine = engine;
    this.options = options;
    this.writers = writers;
    this.output = output;
  }

  /**
   * Writes until all logs end, which they do not while they are followed.
   *
   * @return whether at least one of them could be read
   */
  boolean run(StackServices services) throws InterruptedException {
    List<Thread> readers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> service : services.byName().entrySet()) {
      readers.add(
          Thread.ofVirtual()
              .name("log of " + service.getKey())
              .start(() -> read(service.getKey(), service.getValue())));
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return unread.get() < services.byName().size();
  }

  /** The log driver that a service names; "" for the default of its nodes. */
  static String driver(JsonNode service) {
    return service.at("/Spec/TaskTemplate/LogDriver/Name").asText("");
  }

  private void read(String name, JsonNode service) {
    String driver = driver(service);
    if (driver.equals("none")) {
      unread(name, "its log driver is none, which keeps nothing");
      return;
    }
    if (options.follow() && !READABLE.contains(driver)) {
      output.warn("%s: its log driver %s may not let anything be read".formatted(name, driver));
    }
    boolean tty = service.at("/Spec/TaskTemplate/ContainerSpec/TTY").asBoolean();
    AtomicInteger lines = new AtomicInteger();
    try (LogStream log = engine.serviceLogs(service.path("ID").asText(), tty, options)) {
      streams.add(log);
      if (closed) {
        return;
      }
      log.forEach(
          line -> {
            lines.incrementAndGet();
            write(name, line);
          });
      if (lines.get() == 0 && !READABLE.contains(driver)) {
        unread(name, "nothing can be read through its log driver %s".formatted(driver));
      }
    } catch (EngineException e) {
      unread(name, e.getMessage());
    }
  }

  private void write(String name, LogLine line) {
    if (line.source() == Source.ENGINE) {
      output.warn(name + ": " + line.text());
    } else if (!output.line(name, writers.of(name, line), line)) {
      close();
    }
  }

  private void unread(String name, String why) {
    unread.incrementAndGet();
    output.warn("%s cannot be read: %s".formatted(name, why));
  }

  @Override
  public void close() {
    closed = true;
    streams.forEach(LogStream::close);
  }
}
