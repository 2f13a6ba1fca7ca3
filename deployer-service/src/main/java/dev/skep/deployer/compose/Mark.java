package dev.skep.deployer.compose;

/**
 * A place in a compose file.
 *
 * @param file as it was named
 * @param line from 1
 * @param column from 1, in characters
 */
public record Mark(String file, int line, int column) {
  @Override
  public String toString() {
    return file + ":" + line + ":" + column;
  }
}
