package dev.skep.deployer.compose;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The compose files under {@code compose/}: single files, and directories of files to be merged.
 */
public final class ComposeCases {
  /** The environment in which they are read. */
  public static final Map<String, String> VARIABLES =
      Map.ofEntries(
          entry("HOME", "/home/dt"),
          entry("DT_SET", "value"),
          entry("DT_EMPTY", ""),
          entry("DT_TAG", "1.27"),
          entry("DT_NUMBER", "3"),
          entry("DT_FLOAT", "0.25"),
          entry("DT_YES", "yes"),
          entry("DT_Y", "y"),
          entry("DT_ON", "on"),
          entry("DT_TRUE", "TRUE"),
          entry("DT_NO", "no"),
          entry("DT_N", "N"),
          entry("DT_OFF", "off"),
          entry("DT_FALSE", "False"),
          entry("DT_PORT", "8080"),
          entry("DT_PORT2", "9090-9091"));

  private ComposeCases() {}

  /** Where they are. */
  public static Path directory() {
    try {
      return Path.of(Objects.requireNonNull(ComposeCases.class.getResource("/compose")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** All cases. */
  public static Stream<String> names() {
    try (Stream<Path> files = Files.list(directory())) {
      return files
          .map(p -> p.getFileName().toString())
          .filter(n -> Character.isDigit(n.charAt(0)))
          .sorted()
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Files that docker's client refuses, each in one line. */
  public static List<String> refused() {
    try (Stream<String> lines = Files.lines(directory().resolve("refused.txt"))) {
      return lines.filter(l -> !l.isBlank() && !l.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A case's files, in the order of -c. */
  public static List<Path> files(String name) {
    Path path = directory().resolve(name);
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    try (Stream<Path> files = Files.list(path)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
