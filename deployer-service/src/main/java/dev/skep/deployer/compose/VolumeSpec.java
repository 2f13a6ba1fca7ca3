package dev.skep.deployer.compose;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The short form of a volume: {@code [SOURCE:]TARGET[:OPTIONS]}.
 *
 * @param type volume or bind
 * @param source "" for an anonymous volume
 * @param propagation "" if none is named
 */
record VolumeSpec(
    String type,
    String source,
    String target,
    boolean readOnly,
    boolean noCopy,
    String propagation) {
  private static final Set<String> PROPAGATIONS =
      Set.of("rprivate", "private", "rshared", "shared", "rslave", "slave");

  static VolumeSpec parse(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("a volume must not be empty");
    }
    if (text.length() <= 2) {
      return new VolumeSpec("volume", "", text, false, false, "");
    }
    List<String> parts = split(text);
    if (parts.contains("") || parts.size() > 3) {
      throw new IllegalArgumentException(
          "'%s' is not a volume: write [SOURCE:]TARGET[:OPTIONS]".formatted(text));
    }
    if (parts.size() == 1) {
      return new VolumeSpec("volume", "", text, false, false, "");
    }
    boolean readOnly = false;
    boolean noCopy = false;
    String propagation = "";
    for (String option : parts.size() < 3 ? new String[0] : parts.get(2).split(",", -1)) {
      switch (option) {
        case "ro" -> readOnly = true;
        case "rw" -> readOnly = false;
        case "nocopy" -> noCopy = true;
        default -> propagation = PROPAGATIONS.contains(option) ? option : propagation;
      }
    }
    String type = isPath(parts.getFirst()) ? "bind" : "volume";
    return new VolumeSpec(type, parts.get(0), parts.get(1), readOnly, noCopy, propagation);
  }

  /** At colons, but not at that of a Windows drive. */
  private static List<String> split(String text) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean drive = c == ':' && part.length() == 1 && Character.isLetter(part.charAt(0));
      if (c == ':' && !drive) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    return parts;
  }

  private static boolean isPath(String source) {
    char first = source.charAt(0);
    return first == '.'
        || first == '/'
        || first == '~'
        || source.startsWith("\\\\")
        || (source.length() > 1 && Character.isLetter(first) && source.charAt(1) == ':');
  }
}
