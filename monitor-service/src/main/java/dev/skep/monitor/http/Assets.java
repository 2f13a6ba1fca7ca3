package dev.skep.monitor.http;

import dev.skep.runtime.http.Handlers;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;

/** The page's style, script and icon: a fixed few, so that no path can lead anywhere else. */
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "skep.css", "text/css; charset=utf-8",
          "skep.js", "text/javascript; charset=utf-8",
          "skep.svg", "image/svg+xml");

  private Assets() {}

  static void mount(Router router) {
    TYPES.forEach(
        (name, type) -> {
          byte[] content = read(name);
          router
              .get("/assets/" + name)
              .handler(
                  Handlers.blocking(ctx -> Answers.send(ctx, type, content, "public, no-cache")));
        });
  }

  private static byte[] read(String name) {
    try (InputStream in = Assets.class.getResourceAsStream("/dev/skep/monitor/assets/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks the asset " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the asset " + name, e);
    }
  }
}
