package dev.skep.deployer.apply;

import java.util.Locale;

/** When an image's tag is resolved to a digest by its registry. */
public enum ResolveImage {
  ALWAYS,
  CHANGED,
  NEVER;

  /**
   * From the CLI's words.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  public static ResolveImage of(String text) {
    for (ResolveImage one : values()) {
      if (one.name().equals(text.toUpperCase(Locale.ROOT))) {
        return one;
      }
    }
    throw new IllegalArgumentException(
        "'" + text + "' is not one of always, changed, never (when images are resolved)");
  }
}
