package dev.skep.deployer.source.secret;

import com.exceptionfactory.jagged.RecipientStanza;
import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.x25519.X25519RecipientStanzaReaderFactory;
import dev.skep.deployer.source.git.SourceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What opens a source's encrypted files: identities of age, as {@code age-keygen} writes them. */
public final class Identities {
  private static final long MOST_BYTES = 64 * 1024;

  /** More than any team has. */
  private static final int MOST_RECIPIENTS = 100;

  private static final String X25519 = "AGE-SECRET-KEY-1";

  private final List<String> keys;
  private final List<String> recipients;
  private final List<RecipientStanzaReader> readers;

  private Identities(
      List<String> keys, List<String> recipients, List<RecipientStanzaReader> readers) {
    this.keys = List.copyOf(keys);
    this.recipients = List.copyOf(recipients);
    this.readers = List.copyOf(readers);
  }

  /** None: nothing can be opened. */
  public static Identities none() {
    return new Identities(List.of(), List.of(), List.of());
  }

  /**
   * Reads those of a file; none of no file.
   *
   * @throws SourceException if it cannot be read, or holds something else; it quotes nothing of it
   */
  public static Identities read(Optional<Path> file) throws SourceException {
    if (file.isEmpty()) {
      return none();
    }
    Path path = file.get();
    try {
      if (Files.size(path) > MOST_BYTES) {
        throw new SourceException(
            "ageKeyFile '%s' has more than %d bytes".formatted(path, MOST_BYTES));
      }
      return parse(path, Files.readString(path));
    } catch (IOException e) {
      throw new SourceException(
          "ageKeyFile '%s' cannot be read (%s); give the deployer a secret of that name"
              .formatted(path, e.getClass().getSimpleName()),
          e);
    }
  }

  private static Identities parse(Path file, String text) throws SourceException {
    List<String> keys = new ArrayList<>();
    List<String> recipients = new ArrayList<>();
    List<RecipientStanzaReader> readers = new ArrayList<>();
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      try {
        if (!line.startsWith(X25519)) {
          throw new GeneralSecurityException("another kind");
        }
        readers.add(bounded(X25519RecipientStanzaReaderFactory.newRecipientStanzaReader(line)));
        recipients.add(Recipients.of(line));
        keys.add(line);
      } catch (GeneralSecurityException | RuntimeException e) {
        // Without the cause, which may quote it.
        throw new SourceException(
            "ageKeyFile '%s', line %d: this is no identity %s...; write what 'age-keygen' prints"
                .formatted(file, number, X25519));
      }
    }
    if (keys.isEmpty()) {
      throw new SourceException(
          "ageKeyFile '%s' holds no identity; write what 'age-keygen' prints".formatted(file));
    }
    return new Identities(keys, recipients, readers);
  }

  /** Each recipient is tried by a multiplication on a curve: a file may have thousands. */
  private static RecipientStanzaReader bounded(RecipientStanzaReader reader) {
    return recipients -> {
      int count = 0;
      for (RecipientStanza _ : recipients) {
        if (++count > MOST_RECIPIENTS) {
          throw new GeneralSecurityException("more recipients than are tried");
        }
      }
      return reader.getFileKey(recipients);
    };
  }

  boolean isEmpty() {
    return keys.isEmpty();
  }

  /** Their public sides, in the same order. */
  List<String> recipients() {
    return recipients;
  }

  List<RecipientStanzaReader> readers() {
    return readers;
  }

  /** As the SOPS program takes them. */
  String lines() {
    return String.join("\n", keys);
  }

  /** Variables with these beside them, to tell whether anything has changed. */
  public Map<String, String> besides(Map<String, String> variables) {
    if (keys.isEmpty()) {
      return variables;
    }
    Map<String, String> all = new HashMap<>(variables);
    // No variable may be named so.
    all.put("ageKeyFile:", lines());
    return all;
  }

  /** They are secret. */
  @Override
  public String toString() {
    return "Identities[" + keys.size() + "]";
  }
}
