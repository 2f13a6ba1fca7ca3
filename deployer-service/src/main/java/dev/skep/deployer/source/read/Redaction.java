package dev.skep.deployer.source.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps what is secret out of messages, which may quote what is wrong: every word of a file in
 * clear that its encrypted form does not show, and secret values, whole, by lines and by words.
 * Keys of a file that SOPS encrypted stay readable.
 */
final class Redaction {
  private static final String MASK = "***";

  /** Shorter ones say nothing, and are in many messages. */
  private static final int SHORTEST = 3;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]{" + SHORTEST + ",}");

  /** Where values are split, by whoever reads them. */
  private static final Pattern SEPARATORS = Pattern.compile("[\\s:;/=,@.|?&#-]+");

  /** Longer words are looked for within others, too: a message may quote a part. */
  private static final int WHOLE = 5;

  private record Opened(String encrypted, String clear) {}

  private final List<Opened> opened = new ArrayList<>();

  /**
   * Texts to be looked for anywhere; longest first, so that one that holds another leaves no rest.
   */
  private final List<String> anywhere;

  private final Set<String> wordsOfValues = new HashSet<>();

  /**
   * Knows some values.
   *
   * @param values what no message may show, nor a part of it
   */
  Redaction(List<String> values) {
    values.forEach(v -> wordsOfValues.addAll(words(v)));
    anywhere =
        values.stream()
            .flatMap(Redaction::parts)
            .filter(v -> v.length() >= SHORTEST)
            .distinct()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** The value, its lines, and what a message may quote once the value was split, as of a port. */
  private static Stream<String> parts(String value) {
    Stream<String> whole = Stream.concat(Stream.of(value), value.lines()).map(String::strip);
    Stream<String> pieces =
        SEPARATORS
            .splitAsStream(value)
            .filter(p -> p.length() >= WHOLE || !WORD.matcher(p).matches());
    return Stream.concat(whole, pieces);
  }

  void add(byte[] encrypted, byte[] clear) {
    opened.add(new Opened(new String(encrypted, UTF_8), new String(clear, UTF_8)));
  }

  /** The same problems without what is secret. */
  List<Problem> of(List<Problem> problems) {
    if ((opened.isEmpty() && anywhere.isEmpty()) || problems.isEmpty()) {
      return problems;
    }
    Set<String> secret = new HashSet<>(wordsOfValues);
    opened.forEach(o -> secret.addAll(hidden(o)));
    return problems.stream()
        .map(
            p ->
                new Problem(
                    p.file(),
                    p.line(),
                    p.column(),
                    text(p.where(), secret),
                    text(p.message(), secret)))
        .toList();
  }

  private static Set<String> hidden(Opened file) {
    Set<String> words = words(file.clear());
    words.removeAll(words(file.encrypted()));
    return words;
  }

  private static Set<String> words(String content) {
    Set<String> words = new HashSet<>();
    WORD.matcher(content).results().forEach(m -> words.add(m.group()));
    return words;
  }

  private String text(String text, Set<String> secret) {
    String rest = text;
    for (String part : anywhere) {
      // It may stand amid other text, where it is no word of its own.
      rest = rest.replace(part, MASK);
    }
    return WORD.matcher(rest).replaceAll(m -> isSecret(m.group(), secret) ? MASK : m.group());
  }

  private static boolean isSecret(String word, Set<String> secret) {
    return secret.contains(word)
        || (word.length() > WHOLE && secret.stream().anyMatch(s -> s.contains(word)));
  }
}
