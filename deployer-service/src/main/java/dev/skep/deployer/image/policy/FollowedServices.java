package dev.skep.deployer.image.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ImageName;
import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.image.policy.ImagePolicy.None;
import dev.skep.deployer.image.policy.ImagePolicy.Versions;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.UpdateOrder;
import dev.skep.deployer.state.StackBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which services of a stack follow their images.
 *
 * @param problems service, by its full name, to why its label cannot be honoured
 */
public record FollowedServices(List<Followed> services, Map<String, String> problems) {
  /** None. */
  public static final FollowedServices NONE = new FollowedServices(List.of(), Map.of());

  public FollowedServices {
    services = List.copyOf(services);
    problems = Map.copyOf(problems);
  }

  /** Reads the labels of what is desired. One that is wrong is a problem of its service alone. */
  public static FollowedServices of(StackBody body) {
    List<Followed> services = new ArrayList<>();
    Map<String, String> problems = new TreeMap<>();
    for (ObjectNode spec : body.objects().services()) {
      String name = spec.path("Name").asText();
      try {
        ImagePolicy policy = ImagePolicy.of(spec.path("Labels").path(ImagePolicy.LABEL).asText());
        if (!(policy instanceof None)) {
          services.add(followed(body, spec, name, policy));
        }
      } catch (IllegalArgumentException e) {
        problems.put(name, e.getMessage());
      }
    }
    return new FollowedServices(services, problems);
  }

  /** The problems, for people who deploy. */
  public List<String> warnings() {
    return new TreeMap<>(problems)
        .entrySet().stream()
            .map(
                e -> "service %s does not follow its image: %s".formatted(e.getKey(), e.getValue()))
            .toList();
  }

  private static Followed followed(
      StackBody body, ObjectNode spec, String name, ImagePolicy policy) {
    if (UpdateOrder.held(spec)) {
      throw new IllegalArgumentException(
          "a service with %s=manual is not updated by itself; take one of the two labels away"
              .formatted(UpdateOrder.LABEL));
    }
    String image = ImagePins.image(spec);
    String said = spec.path("Labels").path(Namespace.IMAGE_LABEL).asText(image);
    ImageReference reference =
        ImageReference.of(said)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        ImageName.hasDigest(said)
                            ? "its file names a digest, which never changes; name a tag alone"
                            : "'%s' is no name of an image".formatted(said)));
    if (policy instanceof Versions && VersionTag.of(reference.tag()).isEmpty()) {
      throw new IllegalArgumentException(
          "its tag '%s' is no version with three numbers, from which a newer one could be told"
              .formatted(reference.tag()));
    }
    String auth = body.options().registryAuth().getOrDefault(reference.registry(), "");
    String pinned = ImageName.hasDigest(image) ? image : "";
    return new Followed(body.stack(), name, policy, reference, pinned, auth);
  }
}
