package dev.skep.monitor.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Answers with an ETag, or 304 to who has it already. */
final class Answers {
  private Answers() {}

  static void json(RoutingContext ctx, Object value) {
    send(ctx, "application/json", ApiJson.write(value), "private, no-cache");
  }

  /**
   * Sends {@code body} unless the caller has it.
   *
   * @param cacheControl the answer's Cache-Control
   */
  static void send(RoutingContext ctx, String type, byte[] body, String cacheControl) {
    String etag = "\"" + digest(body) + "\"";
    HttpServerResponse response =
        ctx.response()
            .putHeader("ETag", etag)
            .putHeader("Cache-Control", cacheControl)
            .putHeader("X-Content-Type-Options", "nosniff");
    if (matches(ctx.request().getHeader("If-None-Match"), etag)) {
      response.setStatusCode(304).end();
      return;
    }
    response.putHeader("Content-Type", type).end(Buffer.buffer(body));
  }

  private static boolean matches(String ifNoneMatch, String etag) {
    return ifNoneMatch != null
        && Arrays.stream(ifNoneMatch.split(",", -1))
            .map(String::strip)
            .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
  }

  private static String digest(byte[] body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
      return HexFormat.of().formatHex(hash, 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
