package dev.skep.deployer.source.secret;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that SOPS encrypted: values in place, and beside them, under the name {@code sops}, who
 * can open them.
 */
record SopsDocument(Format format, List<DataKey> keys) {
  /**
   * The key of the values as one recipient of age gets it.
   *
   * @param encrypted armored
   */
  record DataKey(String recipient, String encrypted) {}

  /** How the program calls the forms that its documents have. */
  enum Format {
    YAML,
    JSON,
    DOTENV,
    BINARY;

    String text() {
      return switch (this) {
        case YAML -> "yaml";
        case JSON -> "json";
        case DOTENV -> "dotenv";
        case BINARY -> "binary";
      };
    }
  }

  /** An encrypted value, as none is by chance. */
  private static final Pattern VALUE =
      Pattern.compile("ENC\\[AES256_GCM,data:[^,\\]]*,iv:[^,\\]]+,tag:[^,\\]]+,type:[a-z]+\\]");

  private static final Pattern YAML = Pattern.compile("(?m)^[\"']?sops[\"']?[ \\t]*:");
  private static final Pattern DOTENV = Pattern.compile("(?m)^[ \\t]*sops_[a-z0-9_]+[ \\t]*=");

  SopsDocument {
    keys = List.copyOf(keys);
  }

  /**
   * Whether a file is one, and of what form; empty if nothing in it is encrypted.
   *
   * @param path its name decides between JSON and a binary file, which looks like JSON
   * @throws IOException with a message for the user, if values in it are encrypted, but it cannot
   *     be opened as it stands
   */
  static Optional<SopsDocument> read(String path, byte[] content) throws IOException {
    // No character of interest is longer than one byte.
    String text = new String(content, StandardCharsets.ISO_8859_1);
    if (!VALUE.matcher(text).find()) {
      return Optional.empty();
    }
    String start = text.stripLeading();
    if (start.startsWith("{")) {
      return Optional.of(SopsMetadata.json(path, content));
    }
    if (YAML.matcher(text).find()) {
      return Optional.of(
          new SopsDocument(
              Format.YAML, SopsMetadata.yaml(path, new String(content, StandardCharsets.UTF_8))));
    }
    if (DOTENV.matcher(text).find()) {
      return Optional.of(new SopsDocument(Format.DOTENV, SopsMetadata.dotenv(path, text)));
    }
    throw new IOException(
        "'%s' holds values that SOPS encrypted, but not in a form that is read here; keep it as"
                .formatted(path)
            + " SOPS wrote it, as YAML, JSON, dotenv or binary");
  }
}
