package dev.skep.cli.stack;

import dev.skep.engine.LogLine;
import dev.skep.engine.LogLine.Source;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes lines of several services, one at a time, each with who wrote it in front. */
final class LogOutput {
  private static final String RESET = "\u001b[0m";

  /** Cyan, yellow, green, magenta, blue, and their bright forms: red is for errors. */
  private static final List<Integer> COLOURS = List.of(36, 33, 32, 35, 34, 96, 93, 92, 95, 94);

  private final PrintStream out;
  private final PrintStream err;
  private final List<String> coloured;
  private final int width;

  /**
   * An output.
   *
   * @param coloured the services to tell apart by colour; empty for none
   * @param width the writers' names are filled up to it
   */
  LogOutput(PrintStream out, PrintStream err, List<String> coloured, int width) {
    this.out = out;
    this.err = err;
    this.coloured = List.copyOf(coloured);
    this.width = width;
  }

  /**
   * Writes a line to where the container wrote it.
   *
   * @param writer as it is shown
   * @return whether somebody reads on: a pipe may be closed
   */
  synchronized boolean line(String service, String writer, LogLine line) {
    PrintStream to = line.source() == Source.STDOUT ? out : err;
    String time = line.timestamp().isEmpty() ? "" : line.timestamp() + " ";
    String text = prefix(service, writer) + time + line.text() + "\n";
    // As bytes: the encoding of containers' logs does not hang on this machine's locale.
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    to.write(bytes, 0, bytes.length);
    return !to.checkError();
  }

  /** Tells what could not be read. */
  synchronized void warn(String warning) {
    err.println("warning: " + warning);
  }

  private String prefix(String service, String writer) {
    String padded = writer + " ".repeat(Math.max(0, width - writer.length()));
    int index = coloured.indexOf(service);
    if (index < 0) {
      return padded + " | ";
    }
    int colour = COLOURS.get(index % COLOURS.size());
    return "\u001b[" + colour + "m" + padded + " | " + RESET;
  }
}
