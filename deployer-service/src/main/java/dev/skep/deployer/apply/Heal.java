package dev.skep.deployer.apply;

import java.util.Locale;

/** What is done where somebody has changed what a stack's deployment made. */
public enum Heal {
  /** It is told. */
  REPORT,
  /** It is told and set back. */
  RESTORE;

  /** As people write it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * From what people write.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static Heal of(String text) {
    for (Heal one : values()) {
      if (one.text().equals(text.toLowerCase(Locale.ROOT))) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not one of report, restore (what is done about drift: heal)");
  }
}
