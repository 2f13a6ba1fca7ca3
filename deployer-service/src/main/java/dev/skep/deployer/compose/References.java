package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Checks that what services use is declared, and that each can run at all. */
final class References {
  /** Stands for a section that could not be read: nothing can be said about its names. */
  static final String BROKEN = "broken";

  private final Fields root;
  private final Problems problems;

  private References(Fields root, Problems problems) {
    this.root = root;
    this.problems = problems;
  }

  static void check(Fields root, Problems problems) {
    References references = new References(root, problems);
    if (!root.has("services")
        && root.fieldsOf("secrets").fields().isEmpty()
        && root.fieldsOf("configs").fields().isEmpty()) {
      problems.error(
          root.mark(),
          "'services' is missing: without any, a stack has secrets or configs at least");
    }
    Fields services = root.fieldsOf("services");
    services
        .fields()
        .forEach(
            (name, field) -> references.service(name, field.keyMark(), services.fieldsOf(name)));
  }

  private void service(String name, Mark mark, Fields service) {
    String image = service.text("image");
    if (image.isEmpty()) {
      problems.error(mark, "services.%s: 'image' is missing".formatted(name));
    } else if (!ImageName.isValid(image)) {
      problems.error(
          service.get("image").mark(),
          "services.%s: '%s' is not an image reference".formatted(name, image));
    }
    service
        .fieldsOf("networks")
        .fields()
        .forEach(
            (network, f) -> {
              if (!network.equals("default")) {
                declared("networks", "network", network, f.keyMark());
              }
            });
    for (Value secret : service.itemsOf("secrets")) {
      declared("secrets", "secret", ((Fields) secret).text("source"), secret.mark());
    }
    for (Value config : service.itemsOf("configs")) {
      declared("configs", "config", ((Fields) config).text("source"), config.mark());
    }
    service.itemsOf("volumes").forEach(v -> volume((Fields) v));
    Fields credentials = service.fieldsOf("credential_spec");
    if (!credentials.text("config").isEmpty()) {
      declared("configs", "config", credentials.text("config"), credentials.markOf("config"));
    }
    if (credentials.fields().keySet().stream().filter(k -> !credentials.text(k).isEmpty()).count()
        > 1) {
      problems.error(credentials.mark(), "credential_spec: only one of its keys may be set");
    }
    targets(service, "secrets");
    targets(service, "configs");
    if (service.get("restart") instanceof Scalar restart
        && !restart.text().matches("|(no|always|unless-stopped|on-failure)(:[0-9]*)?")) {
      problems.error(
          restart.mark(),
          "'restart' must be one of no, always, unless-stopped, on-failure[:N], not '%s'"
              .formatted(restart.text()));
    }
  }

  /** Two files cannot be at one place. */
  private void targets(Fields service, String section) {
    Set<String> taken = new HashSet<>();
    for (Value item : service.itemsOf(section)) {
      Fields reference = (Fields) item;
      String target = reference.text("target");
      String place = target.isEmpty() ? reference.text("source") : target;
      if (!taken.add(place)) {
        problems.error(
            item.mark(),
            "%s: '%s' is where another one is mounted already; give it a 'target' of its own"
                .formatted(section, place));
      }
    }
  }

  private void volume(Fields volume) {
    String type = volume.text("type").isEmpty() ? "volume" : volume.text("type");
    String source = volume.text("source");
    boolean volumeByName = type.equals("volume") && !source.isEmpty();
    boolean clusterByName = type.equals("cluster") && !source.startsWith("group:");
    if (volumeByName || clusterByName) {
      declared("volumes", "volume", source, volume.mark());
    }
    if (type.equals("tmpfs") && !source.isEmpty()) {
      problems.error(volume.markOf("source"), "volumes: a tmpfs has no 'source'; remove it");
    }
    if ((type.equals("npipe") || type.equals("cluster")) && source.isEmpty()) {
      problems.error(volume.mark(), "volumes: type " + type + " needs a 'source'");
    }
    for (String option : new String[] {"bind", "volume", "tmpfs", "image", "cluster"}) {
      boolean fits = option.equals(type) || (option.equals("bind") && type.equals("npipe"));
      if (volume.has(option) && !fits) {
        problems.error(
            volume.markOf(option),
            "volumes: '%s' options do not go with type %s".formatted(option, type));
      }
    }
  }

  private void declared(String section, String kind, String name, Mark mark) {
    if (root.get(section) instanceof Scalar) {
      return;
    }
    Collection<String> known = root.fieldsOf(section).fields().keySet();
    if (!known.contains(name)) {
      String advice =
          Spelling.meant(name, known)
              .map(m -> "did you mean '" + m + "'?")
              .orElse("declare it under the top-level '" + section + ":'");
      problems.error(mark, "undefined %s '%s'; %s".formatted(kind, name, advice));
    }
  }
}
