package dev.skep.deployer.compose;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

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

  String text(String path, long limit) throws IOException {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes(path, limit)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new IOException("'" + path + "' is not UTF-8 text", e);
    }
  }

  /** A bind mount's source, absolute. Whether it exists is the node's affair. */
  String hostPath(String path) {
    String home = variables.get("HOME");
    String expanded = path.startsWith("~") && home != null ? home + path.substring(1) : path;
    boolean windows =
        expanded.startsWith("\\\\")
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
