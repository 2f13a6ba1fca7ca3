package dev.skep.deployer.source.declare;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Ports that are allowed. */
public record PortRanges(List<Range> ranges) {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?");
  private static final int LAST = 65_535;

  /** From one port to another, both included. */
  public record Range(int first, int last) {}

  public PortRanges {
    ranges = List.copyOf(ranges);
  }

  /**
   * Reads {@code 8000} and {@code 8000-8100}.
   *
   * @throws IllegalArgumentException with the first that is neither
   */
  public static PortRanges parse(List<String> texts) {
    List<Range> ranges = new ArrayList<>();
    for (String text : texts) {
      Matcher m = FORM.matcher(text);
      int first = m.matches() ? Integer.parseInt(m.group(1)) : 0;
      int last = first > 0 && m.group(2) != null ? Integer.parseInt(m.group(2)) : first;
      if (first < 1 || last < first || last > LAST) {
        throw new IllegalArgumentException(
            "'%s' is neither a port nor a range such as 8000-8100".formatted(text));
      }
      ranges.add(new Range(first, last));
    }
    return new PortRanges(ranges);
  }

  /** Whether a port is allowed. */
  public boolean allow(long port) {
    return ranges.stream().anyMatch(r -> r.first() <= port && port <= r.last());
  }
}
