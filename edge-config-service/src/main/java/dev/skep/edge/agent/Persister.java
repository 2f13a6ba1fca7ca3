package dev.skep.edge.agent;

import dev.skep.edge.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is served to disk, behind the back of who serves it: a check takes longer than a
 * change may. Only the newest target counts.
 */
final class Persister implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Persister.class);

  private static final Duration LIMIT = Duration.ofSeconds(5);

  private record Job(Target target, boolean proven) {}

  private final Installer installer;
  private final Consumer<Map<String, Refused>> onSpoiled;
  private final AtomicReference<Job> next = new AtomicReference<>();
  private final Semaphore wake = new Semaphore(0);
  private final Thread loop;
  private volatile boolean closed;
  private volatile String problem = "";

  /**
   * A persister.
   *
   * @param onSpoiled told what spoils a target that a running HAProxy had taken
   */
  Persister(Installer installer, Consumer<Map<String, Refused>> onSpoiled) {
    this.installer = installer;
    this.onSpoiled = onSpoiled;
    this.loop = Thread.ofVirtual().name("edge-persister").unstarted(this::run);
  }

  void start() {
    loop.start();
  }

  void submit(Target target, boolean proven) {
    next.set(new Job(target, proven));
    wake.release();
  }

  /** What keeps the newest target from the disk; empty if nothing does. */
  String problem() {
    return problem;
  }

  private void run() {
    while (!closed || next.get() != null) {
      try {
        wake.acquire();
        wake.drainPermits();
        Job job = next.getAndSet(null);
        if (job != null) {
          persist(job);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void persist(Job job) {
    try {
      switch (installer.install(job.target(), job.proven())) {
        case Installer.Outcome.Installed() -> problem = "";
        case Installer.Outcome.Spoiled(Map<String, Refused> guilty) -> onSpoiled.accept(guilty);
        case Installer.Outcome.Unfit(String words) -> report(words);
      }
    } catch (ConfigChecker.UnavailableException e) {
      // The agent submits again at its next look, or when HAProxy runs.
      problem = e.getMessage();
    } catch (IOException | UncheckedIOException e) {
      report("the edge directory cannot be written: " + e.getMessage());
    }
  }

  private void report(String words) {
    if (!words.equals(problem)) {
      log.atError().addKeyValue("reason", words).log("What is served is not on disk");
    }
    problem = words;
  }

  @Override
  public void close() {
    closed = true;
    wake.release();
    try {
      // What is served should be on disk before the agent goes.
      if (!loop.join(LIMIT)) {
        loop.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
