package dev.skep.deployer.compose;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What reading one stack needs besides the document: its directory, its variables, its files.
 *
 * @param directory that of the first compose file; relative paths begin there
 */
record FileLoader(Path directory, Map<String, String> variables, FileSource source) {
  /** SwarmKit's limit for a secret. */
  static final long SECRET_LIMIT = 500 * 1024;

  /** SwarmKit's limit for a config. */
  static final long CONFIG_LIMIT = 1000 * 1024;

  /** A bound of ours against a wrong path; real ones have a few kilobytes. */
  static final long ENV_FILE_LIMIT = 1024 * 1024;

  /** A file of another machine, as Windows names it; the share alone is no path. */
  private static final Pattern SHARE =
      Pattern.compile(
          "[\\\\/]{2}[^\\\\/.][^\\\\/]*[\\\\/][^\\\\/.][^\\\\/]*[\\\\/].*", Pattern.DOTALL);

  /** Where a path of the stack's files leads, absolute. */
  Path path(String path) {
    return directory.resolve(path).normalize();
  }

  /**
   * A file for messages: named like the one that refers to it, where they lie side by side.
   *
   * @param from the file that refers to it, as it is named
   */
  Path named(Path from, String path) {
    Path beside = from.resolveSibling(path).normalize();
    Path absolute = path(path);
    return beside.toAbsolutePath().normalize().equals(absolute) ? beside : absolute;
  }

  /** The same for files of another directory. */
  FileLoader in(Path other) {
    return new FileLoader(other, variables, source);
  }

  /** The same with other variables. */
  FileLoader with(Map<String, String> others) {
    return new FileLoader(directory, Map.copyOf(others), source);
  }

  byte[] bytes(String path, long limit) throws IOException {
    return source.read(path(path), limit);
  }

  /** UTF-8 text. */
  String text(String path, long limit) throws IOException {
    return decode(path, bytes(path, limit), StandardCharsets.UTF_8);
  }

  /** YAML may be UTF-16, too, if it begins by a byte order mark. */
  String yaml(String path, long limit) throws IOException {
    byte[] bytes = bytes(path, limit);
    boolean wide =
        bytes.length >= 2
            && ((bytes[0] == (byte) 0xFF && bytes[1] == (byte) 0xFE)
                || (bytes[0] == (byte) 0xFE && bytes[1] == (byte) 0xFF));
    String text = decode(path, bytes, wide ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8);
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  private static String decode(String path, byte[] bytes, Charset charset) throws IOException {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new IOException("'" + path + "' is not UTF-8 text", e);
    }
  }

  /** A bind mount's source, absolute. Whether it exists is the node's affair. */
  String hostPath(String path) {
    String home = variables.get("HOME");
    String expanded = path.startsWith("~") && home != null ? home + path.substring(1) : path;
    boolean windows =
        SHARE.matcher(expanded).matches()
            || (expanded.length() > 2
                && Character.isLetter(expanded.charAt(0))
                && expanded.charAt(1) == ':'
                && (expanded.charAt(2) == '\\' || expanded.charAt(2) == '/'));
    if (expanded.startsWith("/") || windows) {
      return expanded;
    }
    return directory.resolve(expanded).normalize().toString();
  }
}
