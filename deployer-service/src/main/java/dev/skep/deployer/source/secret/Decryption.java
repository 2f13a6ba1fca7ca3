package dev.skep.deployer.source.secret;

import dev.skep.deployer.source.read.Opening;
import dev.skep.deployer.source.read.RepositoryFiles;
import dev.skep.deployer.source.secret.AgeFile.NotOpened;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Opens a source's encrypted files with its own identities, in memory. What is encrypted and cannot
 * be opened is an error: it never stays as it is.
 */
public final class Decryption implements Opening {
  private static final int DATA_KEY_BYTES = 32;

  private final Identities identities;
  private final SopsProgram sops;

  public Decryption(Identities identities, SopsProgram sops) {
    this.identities = identities;
    this.sops = sops;
  }

  @Override
  public byte[] open(String path, byte[] content, long limit) throws IOException {
    if (path.endsWith(RepositoryFiles.AGE)) {
      return age(path, content, limit);
    }
    if (AgeFile.is(content)) {
      throw new IOException(
          "'%s' is encrypted by age, but its name does not say so; rename it to '%s%s'"
              .formatted(path, path, RepositoryFiles.AGE));
    }
    Optional<SopsDocument> document = SopsDocument.read(path, content);
    return document.isPresent() ? sops(path, content, document.get(), limit) : content;
  }

  private byte[] age(String path, byte[] content, long limit) throws IOException {
    needIdentities(path, "age");
    try {
      return AgeFile.open(content, identities, limit);
    } catch (NotOpened e) {
      throw new IOException("'%s' %s".formatted(path, e.getMessage()), e);
    }
  }

  /**
   * The program is asked only if an identity opens the data key, and the document says that this is
   * whose it is, for by that the program chooses: it then has no reason to ask anybody else whom
   * the document names.
   */
  private byte[] sops(String path, byte[] content, SopsDocument document, long limit)
      throws IOException {
    needIdentities(path, "SOPS");
    if (document.keys().stream().noneMatch(this::opens)) {
      throw new IOException(
          "'%s' is not encrypted by SOPS to an identity of this source's 'ageKeyFile'; add %s to"
                  .formatted(path, String.join(" or ", identities.recipients()))
              + " .sops.yaml and run 'sops updatekeys'");
    }
    return sops.decrypt(path, document.format(), content, identities, limit);
  }

  private boolean opens(SopsDocument.DataKey key) {
    if (!identities.recipients().contains(key.recipient())) {
      return false;
    }
    byte[] encrypted = key.encrypted().getBytes(StandardCharsets.US_ASCII);
    try {
      return AgeFile.open(encrypted, identities, 2 * DATA_KEY_BYTES).length == DATA_KEY_BYTES;
    } catch (NotOpened e) {
      return false;
    }
  }

  private void needIdentities(String path, String by) throws IOException {
    if (identities.isEmpty()) {
      throw new IOException(
          "'%s' is encrypted by %s, and the source has no identity to open it; declare its"
                  .formatted(path, by)
              + " 'ageKeyFile'");
    }
  }
}
