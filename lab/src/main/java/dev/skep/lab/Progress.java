package dev.skep.lab;

/** Hears what is being done, one line a step. Called by several threads at a time. */
@FunctionalInterface
public interface Progress {
  /** For who does not care. */
  Progress SILENT = line -> {};

  /** One thing was done, or begins. */
  void say(String line);
}
