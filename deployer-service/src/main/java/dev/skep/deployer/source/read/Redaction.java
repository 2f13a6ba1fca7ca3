package dev.skep.deployer.source.read;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Keeps what was encrypted out of messages, which may quote what is wrong: every word of a file in
 * clear that its encrypted form does not show. Keys of a file that SOPS encrypted stay readable.
 */
final class Redaction {
  private static final String MASK = "***";

  /** Shorter ones say nothing, and are in many messages. */
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]{3,}");

  /** Longer words are looked for within others, too: a message may quote a part. */
  private static final int WHOLE = 5;

  private record Opened(String encrypted, String clear) {}

  private final List<Opened> opened = new ArrayList<>();

  void add(byte[] encrypted, byte[] clear) {
    opened.add(new Opened(new String(encrypted, UTF_8), new String(clear, UTF_8)));
  }

  /** The same problems without what is secret. */
  List<Problem> of(List<Problem> problems) {
    if (opened.isEmpty() || problems.isEmpty()) {
      return problems;
    }
    Set<String> secret = new HashSet<>();
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

  private static String text(String text, Set<String> secret) {
    return WORD.matcher(text).replaceAll(m -> isSecret(m.group(), secret) ? MASK : m.group());
  }

  private static boolean isSecret(String word, Set<String> secret) {
    return secret.contains(word)
        || (word.length() > WHOLE && secret.stream().anyMatch(s -> s.contains(word)));
  }
}
