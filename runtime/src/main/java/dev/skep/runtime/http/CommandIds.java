package dev.skep.runtime.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * The ids of what changing requests ask for: the caller's {@code Idempotency-Key}, or a new one. A
 * key that comes again with another request is refused, as far as this process remembers: silently
 * taken for the first it would be answered as if it had been done. In memory only, of the last
 * 1,000. Thread-safe.
 */
public final class CommandIds {
  private static final int MOST = 1_000;
  private static final String HEADER = "Idempotency-Key";
  private static final String ID = CommandIds.class.getName() + ".id";
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._:-]{1,100}");

  /** What each key came with: hashes, since bodies hold secrets. */
  private final Map<String, byte[]> requests =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > MOST;
        }
      };

  /**
   * The id of what a request asks for. Call it once the request was found good: a key that came
   * with a refused request is free for its correction.
   *
   * @throws ProblemException with 400 for a malformed key, with 409 for one that another request
   *     came with
   */
  public String take(RoutingContext ctx) {
    Optional<String> key = key(ctx);
    key.ifPresent(k -> remember(k, fingerprint(ctx)));
    String id = key.orElseGet(() -> UUID.randomUUID().toString());
    ctx.put(ID, id);
    return id;
  }

  /** The id that was taken for a request; null if there is none. */
  static String of(RoutingContext ctx) {
    return ctx.get(ID);
  }

  /**
   * The key of a request; empty if it has none.
   *
   * @throws ProblemException with 400 for a malformed one
   */
  public static Optional<String> key(RoutingContext ctx) {
    List<String> keys = ctx.request().headers().getAll(HEADER);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    if (keys.size() > 1 || !KEY.matcher(keys.getFirst()).matches()) {
      throw new ProblemException(
          400, "Invalid " + HEADER, "send one, of at most 100 letters, digits, '.', '_', ':', '-'");
    }
    return Optional.of(keys.getFirst());
  }

  private synchronized void remember(String key, byte[] request) {
    byte[] before = requests.putIfAbsent(key, request);
    if (before != null && !Arrays.equals(before, request)) {
      throw usedBefore();
    }
  }

  /** For who knows in another way that a key came with another request. */
  public static ProblemException usedBefore() {
    return new ProblemException(
        409,
        "Key used before",
        "this Idempotency-Key came with another request: use a new key for a new request");
  }

  private static byte[] fingerprint(RoutingContext ctx) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java run-time has SHA-256", e);
    }
    String line =
        ctx.request().method() + " " + ctx.normalizedPath() + "?" + ctx.request().query() + "\n";
    digest.update(line.getBytes(StandardCharsets.UTF_8));
    Buffer body = ctx.body().buffer();
    return digest.digest(body == null ? new byte[0] : body.getBytes());
  }
}
