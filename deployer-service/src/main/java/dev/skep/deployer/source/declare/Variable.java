package dev.skep.deployer.source.declare;

import java.nio.file.Path;

/** A variable that the compose files of a source may use. */
public sealed interface Variable {
  /** One whose value is declared. */
  record Text(String value) implements Variable {
    /** It may be secret all the same. */
    @Override
    public String toString() {
      return "Text";
    }
  }

  /** One whose value a file holds: a Docker secret. A line break at its end is left out. */
  record File(Path path) implements Variable {}
}
