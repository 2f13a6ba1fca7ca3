package dev.skep.cert.acme;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An ACME CA, and who we are to it.
 *
 * @param directory the directory's URL; using it means agreeing to the CA's terms of service
 * @param email where the CA may write to; null: none is given
 * @param caFile PEM roots that the directory's own TLS certificate is checked against, in place of
 *     the platform's; null: the platform's
 * @param profile which of the CA's certificate profiles to ask for; null: its default
 */
public record AcmeSettings(URI directory, String email, Path caFile, String profile) {
  public AcmeSettings {
    Objects.requireNonNull(directory, "directory");
  }
}
