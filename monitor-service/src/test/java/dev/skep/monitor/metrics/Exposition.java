package dev.skep.monitor.metrics;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A strict reader of Prometheus' text format 0.0.4: refuses what Prometheus would let pass, such as
 * a family in two places or a sample without a type.
 */
public final class Exposition {
  private static final Pattern SAMPLE =
      Pattern.compile(
          "([a-zA-Z_:][a-zA-Z0-9_:]*)"
              + "(?:\\{((?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)*)\\})?"
              + " (\\S+)");
  private static final Set<String> TYPES = Set.of("gauge", "counter", "histogram", "summary");

  private final Map<String, Double> samples = new LinkedHashMap<>();
  private final Map<String, String> types = new HashMap<>();

  private Exposition() {}

  /**
   * Reads what a text says of {@code skep_} metrics; the libraries' own are theirs to get right.
   */
  public static Exposition parseOurs(String text) {
    return parse(
        text.lines()
            .filter(l -> l.startsWith("skep_") || l.matches("# (HELP|TYPE) skep_.*"))
            .collect(Collectors.joining("\n", "", "\n")));
  }

  /** Reads a text. */
  public static Exposition parse(String text) {
    Exposition result = new Exposition();
    Set<String> helped = new HashSet<>();
    String family = null;
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line does not end");
    }
    for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
      if (line.startsWith("# HELP ")) {
        String name = line.split(" ", 4)[2];
        if (line.split(" ", 4).length < 4 || line.split(" ", 4)[3].isBlank()) {
          throw new AssertionError("no help text: " + line);
        }
        if (!helped.add(name)) {
          throw new AssertionError("two families of one name: " + name);
        }
        family = null;
      } else if (line.startsWith("# TYPE ")) {
        String[] words = line.split(" ", -1);
        if (!helped.contains(words[2]) || !TYPES.contains(words[3])) {
          throw new AssertionError("a type without help, or unknown: " + line);
        }
        family = words[2];
        result.types.put(family, words[3]);
      } else {
        result.sample(line, family);
      }
    }
    return result;
  }

  private void sample(String line, String family) {
    Matcher m = SAMPLE.matcher(line);
    if (!m.matches()) {
      throw new AssertionError("not a sample: " + line);
    }
    String name = m.group(1);
    String type = types.get(family);
    boolean belongs =
        name.equals(family)
            || (type != null
                && type.equals("histogram")
                && List.of(family + "_bucket", family + "_sum", family + "_count").contains(name));
    if (!belongs) {
      throw new AssertionError(name + " stands in family " + family);
    }
    if (type.equals("counter") != name.endsWith("_total")) {
      throw new AssertionError("counters, and they alone, end in _total: " + name);
    }
    String value = m.group(3);
    double number = value.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(value);
    String series = m.group(2) == null ? name : name + "{" + m.group(2).replaceAll(",$", "") + "}";
    if (samples.put(series, number) != null) {
      throw new AssertionError("two samples of one series: " + series);
    }
  }

  /** The value of {@code name{labels}}, labels in the order in which they were written. */
  public Double value(String series) {
    return samples.get(series);
  }

  /** All series. */
  public Set<String> series() {
    return samples.keySet();
  }
}
