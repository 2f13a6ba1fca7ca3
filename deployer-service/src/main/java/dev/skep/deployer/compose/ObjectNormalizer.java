package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/**
 * Brings the top-level networks, volumes, secrets and configs to one form: {@code external} is a
 * flag, an external object has a {@code name}, and {@link #DATA} holds a file's content.
 */
final class ObjectNormalizer {
  /** A secret's or config's content, base64. No compose key has this name. */
  static final String DATA = " data";

  private final FileLoader loader;
  private final Problems problems;
  private final Forms forms;

  ObjectNormalizer(FileLoader loader, Problems problems) {
    this.loader = loader;
    this.problems = problems;
    this.forms = new Forms(problems);
  }

  Fields network(String name, Fields network) {
    Fields next = external("network", name, network);
    return options(next);
  }

  Fields volume(String name, Fields volume) {
    Fields next = options(external("volume", name, volume));
    if (Boolean.TRUE.equals(next.flag("external"))) {
      for (String key : List.of("driver", "driver_opts", "labels")) {
        boolean nothing = next.text(key).isEmpty() && next.fieldsOf(key).fields().isEmpty();
        if (!nothing) {
          problems.error(
              next.markOf(key),
              "volume %s: 'external' and '%s' exclude each other; remove one".formatted(name, key));
        }
      }
    }
    return next;
  }

  Fields secret(String name, Fields secret) {
    return file("secret", name, secret, FileLoader.SECRET_LIMIT);
  }

  Fields config(String name, Fields config) {
    return file("config", name, config, FileLoader.CONFIG_LIMIT);
  }

  private Fields options(Fields object) {
    Fields next = forms.change(object, "labels", v -> forms.entries(v, false));
    return forms.change(next, "driver_opts", v -> forms.entries(v, false));
  }

  private Fields external(String kind, String name, Fields object) {
    Fields next = object;
    if (object.get("external") instanceof Fields old) {
      if (!old.text("name").isEmpty() && !object.text("name").isEmpty()) {
        problems.error(
            old.markOf("name"),
            "%s %s: 'external.name' and 'name' exclude each other; keep 'name'"
                .formatted(kind, name));
      }
      problems.warn(
          old.mark(),
          "%s %s: external.name is deprecated; write 'external: true' and 'name:'"
              .formatted(kind, name));
      next = next.with("external", new Scalar(true, old.mark()));
      if (old.get("name") instanceof Scalar oldName && !oldName.text().isEmpty()) {
        next = next.with("name", oldName);
      }
    }
    boolean isExternal = Boolean.TRUE.equals(next.flag("external"));
    return isExternal && next.text("name").isEmpty()
        ? next.with("name", new Scalar(name, next.mark()))
        : next;
  }

  private Fields file(String kind, String name, Fields object, long limit) {
    Fields next = options(external(kind, name, object));
    if (Boolean.TRUE.equals(next.flag("external"))) {
      return next;
    }
    Mark mark = next.get("file") == null ? next.mark() : next.get("file").mark();
    boolean driver = !next.text("driver").isEmpty();
    if (driver && !next.text("file").isEmpty()) {
      problems.error(
          mark, "%s %s: 'driver' and 'file' exclude each other; remove one".formatted(kind, name));
      return next;
    }
    List<String> sources = Stream.of("content", "environment", "file").filter(next::has).toList();
    if (sources.size() > 1) {
      problems.error(
          mark,
          "%s %s: '%s' and '%s' exclude each other; remove one"
              .formatted(kind, name, sources.get(0), sources.get(1)));
      return next;
    }
    if (driver) {
      return next;
    }
    byte[] data;
    if (next.has("content") || next.has("environment")) {
      data = inline(kind, name, next).getBytes(StandardCharsets.UTF_8);
      if (data.length > limit) {
        problems.error(
            next.markOf(sources.getFirst()),
            "%s %s: the content has %d bytes, at most %d are allowed"
                .formatted(kind, name, data.length, limit));
      }
    } else if (next.text("file").isEmpty()) {
      problems.error(
          next.mark(),
          "%s %s: name its 'file', or say 'external: true' if it exists already"
              .formatted(kind, name));
      return next;
    } else {
      try {
        data = loader.bytes(next.text("file"), limit);
      } catch (IOException e) {
        problems.error(mark, "%s %s: %s".formatted(kind, name, e.getMessage()));
        return next;
      }
    }
    return next.with(DATA, new Scalar(Base64.getEncoder().encodeToString(data), mark));
  }

  private String inline(String kind, String name, Fields object) {
    if (object.has("content")) {
      return object.text("content");
    }
    String value = loader.variables().get(object.text("environment"));
    if (value == null) {
      problems.error(
          object.markOf("environment"),
          "%s %s: the variable '%s' is not set; set it, or name a 'file'"
              .formatted(kind, name, object.text("environment")));
      return "";
    }
    return value;
  }
}
