package dev.skep.deployer.source;

import dev.skep.deployer.compose.ComposeProblem;
import dev.skep.deployer.compose.Mark;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that declares sources, which may change at any time. It is small, so it is compared as a
 * whole: neither time nor size of a file tells for certain. Not thread-safe.
 */
final class DeclaredSources {
  private static final Logger log = LoggerFactory.getLogger(DeclaredSources.class);
  private static final long FILE_LIMIT = 1024 * 1024;

  private final Path file;
  private final Path secrets;

  /** What was read last, or why it was not; null at first. */
  private String last;

  /**
   * @param file null: there is none
   * @param secrets the directory in which relative file names are looked for
   */
  DeclaredSources(Path file, Path secrets) {
    this.file = file;
    this.secrets = secrets;
  }

  /**
   * What is declared now; empty if that is as before. A file that is not there declares nothing.
   */
  Optional<SourcesFile> changed() {
    if (file == null) {
      return Optional.empty();
    }
    String now;
    SourcesFile sources;
    try {
      if (Files.size(file) > FILE_LIMIT) {
        throw new IOException("it has more than " + FILE_LIMIT + " bytes");
      }
      now = "read:" + Files.readString(file);
      if (now.equals(last)) {
        return Optional.empty();
      }
      sources = SourcesFile.read(file.toString(), now.substring("read:".length()), secrets);
    } catch (NoSuchFileException e) {
      now = "absent";
      sources = SourcesFile.none();
    } catch (IOException e) {
      now = "failed:" + e;
      sources = failed(e);
    }
    if (now.equals(last)) {
      return Optional.empty();
    }
    last = now;
    tell(sources, now.equals("absent"));
    return Optional.of(sources);
  }

  private SourcesFile failed(IOException e) {
    String why = e.getMessage() == null ? e.toString() : e.getMessage();
    return new SourcesFile(
        List.of(),
        Map.of(),
        List.of(
            new ComposeProblem(
                new Mark(file.toString(), 1, 1),
                "the file with the sources cannot be read: " + why)));
  }

  private void tell(SourcesFile sources, boolean absent) {
    List<Object> problems = new ArrayList<>(sources.problems());
    sources.broken().values().forEach(problems::addAll);
    problems.forEach(
        p -> log.atError().addKeyValue("problem", p).log("A source is not declared well"));
    log.atInfo()
        .addKeyValue("file", file)
        .addKeyValue("there", !absent)
        .addKeyValue("sources", sources.sources().stream().map(Source::name).toList())
        .addKeyValue("broken", sources.broken().keySet())
        .log("Sources declared");
  }
}
