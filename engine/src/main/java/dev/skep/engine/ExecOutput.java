package dev.skep.engine;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes the Engine's multiplexed stream apart: frames of one byte stream number (1 stdout, 2
 * stderr), three of padding, four of length (big endian), and the payload.
 */
record ExecOutput(String stdout, String stderr) {
  private static final int LIMIT = 4 * 1024 * 1024;
  private static final int STDERR = 2;

  /**
   * Reads to the end of the stream; what goes beyond the limit is read and dropped, so that the
   * command is not blocked.
   */
  static ExecOutput read(InputStream body) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    DataInputStream in = new DataInputStream(body);
    byte[] buffer = new byte[8192];
    for (int stream = in.read(); stream >= 0; stream = in.read()) {
      in.skipNBytes(3);
      long left = Integer.toUnsignedLong(in.readInt());
      ByteArrayOutputStream to = stream == STDERR ? err : out;
      while (left > 0) {
        int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (n < 0) {
          throw new EOFException("the command's output ends within a frame");
        }
        to.write(buffer, 0, Math.min(n, Math.max(0, LIMIT - to.size())));
        left -= n;
      }
    }
    return new ExecOutput(
        out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
