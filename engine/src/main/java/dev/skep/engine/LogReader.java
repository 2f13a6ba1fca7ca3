package dev.skep.engine;

import dev.skep.engine.LogLine.Source;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Takes the body of a service's log apart. Without a terminal it is made of frames: one byte for
 * the stream, three of padding, four of length (big endian), and one message. With a terminal it is
 * plain lines. Each message is {@code [TIME ]DETAILS TEXT}, and the details are {@code key=value}
 * by comma, in which blanks are escaped.
 *
 * <p>Docker cuts what is longer than 16 KiB into several messages, of which the last alone has a
 * newline. They are put together again.
 */
final class LogReader {
  /** From this length on, a message without a newline has a continuation. */
  static final int PIECE = 16 * 1024;

  /** A line is cut here; a frame that claims to be longer is no frame. */
  static final int LIMIT = 4 * 1024 * 1024;

  private static final byte[] PADDING = new byte[3];
  private static final String TASK = "com.docker.swarm.task.id=";
  private static final String NODE = "com.docker.swarm.node.id=";

  private final boolean timestamps;
  private final Consumer<LogLine> each;

  /** Lines whose end has not come yet, by stream and task. */
  private final Map<String, Open> open = new LinkedHashMap<>();

  private record Open(LogLine head, ByteArrayOutputStream text) {}

  private LogReader(boolean timestamps, Consumer<LogLine> each) {
    this.timestamps = timestamps;
    this.each = each;
  }

  /**
   * Reads to the end.
   *
   * @param tty whether the service's containers have a terminal
   * @param timestamps whether they were asked for
   * @throws IOException if the body breaks, or is not of this form
   */
  static void read(InputStream body, boolean tty, boolean timestamps, Consumer<LogLine> each)
      throws IOException {
    LogReader reader = new LogReader(timestamps, each);
    try (InputStream in = new BufferedInputStream(body)) {
      if (tty) {
        reader.lines(in);
      } else {
        reader.frames(new DataInputStream(in));
      }
    } finally {
      reader.finish();
    }
  }

  private void frames(DataInputStream in) throws IOException {
    byte[] padding = new byte[3];
    for (int stream = in.read(); stream >= 0; stream = in.read()) {
      in.readFully(padding);
      long length = Integer.toUnsignedLong(in.readInt());
      if (stream > 3 || !Arrays.equals(padding, PADDING) || length > LIMIT) {
        throw new IOException(
            "the log is not in frames; if the service's tty was just changed, try again");
      }
      byte[] message = in.readNBytes((int) length);
      if (message.length < length) {
        throw new EOFException("the log ends within a frame");
      }
      message(source(stream), message);
    }
  }

  private void lines(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      line.write(b);
      if (b == '\n' || line.size() >= LIMIT) {
        message(Source.STDOUT, line.toByteArray());
        line.reset();
      }
    }
    if (line.size() > 0) {
      message(Source.STDOUT, line.toByteArray());
    }
  }

  private static Source source(int stream) {
    return switch (stream) {
      case 2 -> Source.STDERR;
      case 3 -> Source.ENGINE;
      default -> Source.STDOUT;
    };
  }

  private void message(Source source, byte[] bytes) {
    // Each byte as one character: a piece may end within a character of several bytes.
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    boolean ended = raw.endsWith("\n");
    LogLine piece = parse(source, ended ? withoutEnd(raw) : raw);
    Open line =
        open.computeIfAbsent(
            source + " " + piece.taskId(), k -> new Open(piece, new ByteArrayOutputStream()));
    byte[] text = piece.text().getBytes(StandardCharsets.ISO_8859_1);
    line.text().writeBytes(text);
    if (ended || text.length < PIECE || line.text().size() >= LIMIT) {
      open.remove(source + " " + piece.taskId());
      emit(line);
    }
  }

  private static String withoutEnd(String line) {
    return line.substring(0, line.length() - (line.endsWith("\r\n") ? 2 : 1));
  }

  private LogLine parse(Source source, String raw) {
    String rest = raw;
    String time = "";
    if (source == Source.ENGINE) {
      return new LogLine(source, time, "", "", rest);
    }
    int blank = rest.indexOf(' ');
    if (timestamps && blank > 0 && Character.isDigit(rest.charAt(0))) {
      time = rest.substring(0, blank);
      rest = rest.substring(blank + 1);
      blank = rest.indexOf(' ');
    }
    String details = blank < 0 ? rest : rest.substring(0, blank);
    String task = detail(details, TASK);
    if (task.isEmpty()) {
      return new LogLine(source, time, "", "", rest);
    }
    String text = blank < 0 ? "" : rest.substring(blank + 1);
    return new LogLine(source, time, task, detail(details, NODE), text);
  }

  private static String detail(String details, String key) {
    for (String detail : details.split(",", -1)) {
      if (detail.startsWith(key)) {
        return detail.substring(key.length());
      }
    }
    return "";
  }

  private void finish() {
    open.values().forEach(this::emit);
    open.clear();
  }

  private void emit(Open line) {
    LogLine head = line.head();
    each.accept(
        new LogLine(
            head.source(),
            head.timestamp(),
            head.taskId(),
            head.nodeId(),
            line.text().toString(StandardCharsets.UTF_8)));
  }
}
