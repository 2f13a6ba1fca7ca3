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
   * @param body null once it was asked for: it may be large, and a commit may have hundreds
   * @param warnings what was ignored in its files
   */
  record Desired(String name, StackBody body, List<Problem> warnings) implements StackResult {
    public Desired {
      warnings = List.copyOf(warnings);
    }

    /** The same without its body. */
    public Desired asked() {
      return new Desired(name, null, warnings);
    }
  }

  /**
   * It cannot be read, or is refused.
   *
   * @param tryAgain whether the same commit may be read well at another time
   */
  record Refused(String name, List<Problem> problems, boolean tryAgain) implements StackResult {
    public Refused {
      problems = List.copyOf(problems);
    }

    /** One that stays refused until something changes. */
    public Refused(String name, List<Problem> problems) {
      this(name, problems, false);
    }
  }
}
