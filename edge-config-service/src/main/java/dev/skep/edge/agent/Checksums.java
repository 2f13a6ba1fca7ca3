package dev.skep.edge.agent;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SortedMap;

/** What {@code sha256sum --check} reads. */
final class Checksums {
  private Checksums() {}

  /**
   * One line for each file.
   *
   * @param texts by path; neither line breaks nor backslashes in a path
   */
  static String of(SortedMap<String, String> texts) {
    StringBuilder out = new StringBuilder();
    texts.forEach((path, text) -> out.append(sha256(text)).append("  ").append(path).append('\n'));
    return out.toString();
  }

  private static String sha256(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
