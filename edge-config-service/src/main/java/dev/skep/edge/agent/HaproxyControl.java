package dev.skep.edge.agent;

import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.edge.haproxy.RuntimeCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Talks to a running HAProxy: to its worker by the runtime API, to its master for reloads.
 * Blocking; not safe for concurrent use: an edge has one writer.
 */
final class HaproxyControl {
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration RELOAD = Duration.ofSeconds(60);

  /** A command line longer than the worker's buffer (16 kB by default) would be cut. */
  private static final int LINE = 8_000;

  private final UnixSocket worker;
  private final UnixSocket master;

  HaproxyControl(Path runDir) {
    worker = new UnixSocket(runDir.resolve("admin.sock"));
    master = new UnixSocket(runDir.resolve("master.sock"));
  }

  /**
   * Which process serves.
   *
   * @throws IOException if none does
   */
  RuntimeAnswers.Running process() throws IOException {
    try {
      return RuntimeAnswers.process(ask("show info"));
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** One command's answer. */
  String ask(String command) throws IOException {
    return worker.ask(command + "\n", ANSWER);
  }

  /**
   * The answers to many commands, in order: as few connections as can be.
   *
   * @throws IOException if the worker does not answer, or not to each; some may have been done
   */
  List<String> askAll(List<RuntimeCommand> commands) throws IOException {
    List<String> answers = new ArrayList<>();
    List<String> line = new ArrayList<>();
    int length = 0;
    for (RuntimeCommand c : commands) {
      if (c.payload() || length + c.text().length() > LINE) {
        flush(line, answers);
        length = 0;
      }
      if (c.payload()) {
        answers.add(ask(c.text()));
      } else {
        line.add(c.text());
        length += c.text().length() + 1;
      }
    }
    flush(line, answers);
    return answers;
  }

  /** Each answer ends with a blank line; an answer of nothing is only that. */
  private void flush(List<String> line, List<String> answers) throws IOException {
    if (line.isEmpty()) {
      return;
    }
    List<String> found = new ArrayList<>();
    StringBuilder current = new StringBuilder();
    for (String l : ask(String.join(";", line)).lines().toList()) {
      if (l.isEmpty()) {
        found.add(current.toString());
        current.setLength(0);
      } else {
        current.append(l).append('\n');
      }
    }
    if (found.size() != line.size()) {
      throw new IOException(
          "HAProxy gave %d answers to %d commands".formatted(found.size(), line.size()));
    }
    answers.addAll(found);
    line.clear();
  }

  /**
   * Starts new workers from the files; returns when they serve, or the old ones go on.
   *
   * @return null if it succeeded, else HAProxy's own words
   * @throws IOException if the master does not answer
   */
  String reload() throws IOException {
    String answer = master.ask("reload\n", RELOAD);
    return answer.startsWith("Success=1") ? null : answer;
  }
}
