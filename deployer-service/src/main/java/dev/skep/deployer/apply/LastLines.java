package dev.skep.deployer.apply;

import dev.skep.deployer.plan.Masking;
import dev.skep.deployer.task.TaskRow;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.LogLine;
import dev.skep.engine.LogOptions;
import dev.skep.engine.LogStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What a task wrote last before it ended, for who wants to know why it did: masked, bounded, and
 * without what a terminal would obey.
 */
final class LastLines {
  static final int MOST = 5;
  private static final int LONGEST = 300;

  /** And what else begins with CSI. */
  private static final Pattern COLOUR = Pattern.compile("\u001b\\[[0-?]*[ -/]*[@-~]");

  /** The node that has the log may be gone, and Swarm would wait for it. */
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final EngineClient engine;

  LastLines(EngineClient engine) {
    this.engine = engine;
  }

  /** The lines; none if they cannot be read, which says nothing of the task. */
  List<String> of(TaskRow task, boolean tty) {
    Deque<String> last = new ArrayDeque<>();
    LogOptions options = new LogOptions(false, MOST, null, false);
    CountDownLatch done = new CountDownLatch(1);
    try (LogStream log = engine.taskLogs(task.id(), tty, options)) {
      Thread.ofVirtual().name("last lines").start(() -> closeLate(log, done));
      log.forEach(
          line -> {
            if (line.source() != LogLine.Source.ENGINE) {
              last.addLast(plain(line.text()));
              if (last.size() > MOST) {
                last.removeFirst();
              }
            }
          });
    } catch (EngineException e) {
      // Its log driver keeps nothing, its node is gone, or a proxy lets no logs through.
      return List.copyOf(last);
    } finally {
      done.countDown();
    }
    return List.copyOf(last);
  }

  private static void closeLate(LogStream log, CountDownLatch done) {
    try {
      if (!done.await(WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String plain(String line) {
    String uncoloured = COLOUR.matcher(line).replaceAll("");
    String text = Masking.text(uncoloured.replaceAll("\\p{Cntrl}", " ").strip());
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "...";
  }
}
