package dev.skep.deployer.source.read;

import dev.skep.deployer.state.StackBody;
import java.util.List;

/** What came of reading one stack. */
public sealed interface StackResult {
  /** The stack's name. */
  String name();

  /**
   * It may be applied.
   *
   * @param warnings what was ignored in its files
   */
  record Desired(String name, StackBody body, List<Problem> warnings) implements StackResult {
    public Desired {
      warnings = List.copyOf(warnings);
    }
  }

  /** It cannot be read, or is refused. */
  record Refused(String name, List<Problem> problems) implements StackResult {
    public Refused {
      problems = List.copyOf(problems);
    }
  }
}
