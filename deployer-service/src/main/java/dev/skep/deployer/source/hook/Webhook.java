package dev.skep.deployer.source.hook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tells whether a webhook was sent by who knows the secret: GitHub ({@code X-Hub-Signature-256}),
 * Gitea and Forgejo ({@code X-Gitea-Signature}, {@code X-Forgejo-Signature}) sign the body by
 * HMAC-SHA256, GitLab ({@code X-Gitlab-Token}) sends the secret itself.
 */
public final class Webhook {
  private static final String GITHUB_PREFIX = "sha256=";

  private Webhook() {}

  /**
   * Checks one. Compares in a time that does not depend on where the two differ.
   *
   * @param headers a header's value by its name, null if it was not sent
   * @param secret not empty
   * @return what this delivery is known by from now on; empty if the sender does not know the
   *     secret
   */
  public static Optional<String> verified(
      Function<String, String> headers, byte[] body, String secret) {
    if (secret.isEmpty()) {
      return Optional.empty();
    }
    String github = headers.apply("X-Hub-Signature-256");
    if (github != null && github.startsWith(GITHUB_PREFIX)) {
      return signed(github.substring(GITHUB_PREFIX.length()), body, secret);
    }
    for (String name : new String[] {"X-Forgejo-Signature", "X-Gitea-Signature"}) {
      if (headers.apply(name) != null) {
        return signed(headers.apply(name), body, secret);
      }
    }
    String token = headers.apply("X-Gitlab-Token");
    if (token == null || !MessageDigest.isEqual(bytes(token), bytes(secret))) {
      return Optional.empty();
    }
    // GitLab signs nothing: the id is all there is, and older versions send none.
    String id = headers.apply("X-Gitlab-Event-UUID");
    return Optional.of(id == null ? "gitlab:" + hex(hmac(body, secret)) : "gitlab:" + id);
  }

  /** Known by the signature itself: an id beside it could be changed by who repeats the request. */
  private static Optional<String> signed(String signature, byte[] body, String secret) {
    byte[] expected = bytes(hex(hmac(body, secret)));
    boolean same = MessageDigest.isEqual(bytes(signature.toLowerCase(Locale.ROOT)), expected);
    return same ? Optional.of("signature:" + hex(hmac(body, secret))) : Optional.empty();
  }

  private static byte[] hmac(byte[] body, String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(secret), "HmacSHA256"));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
