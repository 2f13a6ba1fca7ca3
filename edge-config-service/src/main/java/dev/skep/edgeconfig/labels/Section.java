package dev.skep.edgeconfig.labels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The labels of one router, service or middleware, by what follows its name. Every problem met
 * while reading them is kept here, so that one bad label is told of together with the others.
 */
final class Section {
  // Go's strconv.ParseBool, which is what Traefik takes.
  private static final Set<String> TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "FALSE", "false", "False");

  final String prefix;
  final String name;
  final Map<String, String> values = new TreeMap<>();
  final List<LabelProblem> problems = new ArrayList<>();
  final List<String> ignored = new ArrayList<>();

  /**
   * @param prefix the labels' key up to and with the name, without a trailing dot
   */
  Section(String prefix, String name) {
    this.prefix = prefix;
    this.name = name;
  }

  void put(String key, String value) {
    String lower = key.toLowerCase(Locale.ROOT);
    if (value.chars().anyMatch(c -> Character.isISOControl(c))) {
      problem(Reason.INVALID_LABEL, label(key) + " has a line break or control character");
      return;
    }
    if (values.putIfAbsent(lower, value) != null) {
      problem(
          Reason.DUPLICATE_LABEL,
          label(key) + " is there twice, in different letter case: remove one");
    }
  }

  void problem(Reason reason, String message) {
    problems.add(new LabelProblem(reason, message));
  }

  String label(String key) {
    return "label " + Quoted.of(key.isEmpty() ? prefix : prefix + "." + key);
  }

  /** The value, trimmed; null if the label is absent or empty. */
  String text(String key) {
    String value = values.get(key);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** Null if absent or not a boolean; the latter is a problem. */
  Boolean flag(String key) {
    String value = values.get(key);
    if (value == null) {
      return null;
    }
    if (TRUE.contains(value.strip())) {
      return true;
    }
    if (FALSE.contains(value.strip())) {
      return false;
    }
    problem(Reason.INVALID_LABEL, label(key) + " must be true or false, not " + Quoted.of(value));
    return null;
  }

  /** Null if absent or not a whole number in the range; the latter is a problem. */
  Long integer(String key, long min, long max) {
    String value = values.get(key);
    if (value == null) {
      return null;
    }
    try {
      long number = Long.parseLong(value.strip());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told of below, with the range.
    }
    problem(
        Reason.INVALID_LABEL,
        "%s must be a whole number from %d to %d, not %s"
            .formatted(label(key), min, max, Quoted.of(value)));
    return null;
  }

  /** Values between commas, trimmed, without empty ones and repeats. */
  List<String> list(String key) {
    String value = values.get(key);
    return value == null
        ? List.of()
        : Arrays.stream(value.split(","))
            .map(String::strip)
            .filter(v -> !v.isEmpty())
            .distinct()
            .toList();
  }

  /** Sorts every key into those that are honoured, ignored, refused and unknown. */
  void check(Vocabulary vocabulary) {
    for (String key : values.keySet()) {
      switch (vocabulary.of(key)) {
        case HONOURED -> {}
        case IGNORED -> ignored.add(prefix + "." + key);
        case REFUSED ->
            problem(
                Reason.UNSUPPORTED_OPTION,
                label(key) + " is not supported: " + vocabulary.refused().get(key));
        case UNKNOWN ->
            problem(
                Reason.UNKNOWN_LABEL,
                label(key) + " does not exist" + Suggestion.hint(key, vocabulary.shown()));
      }
    }
  }
}
