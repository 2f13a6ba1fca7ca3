package dev.skep.deployer.image.policy;

import static dev.skep.deployer.revision.SomeRevisions.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.image.policy.RolledBody.NewImage;
import dev.skep.deployer.plan.ImagePins;
import dev.skep.deployer.plan.ImagePins.Pin;
import dev.skep.deployer.state.StackBody;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FollowedServicesTest {
  private static final String A = "@sha256:" + "a".repeat(64);
  private static final String B = "@sha256:" + "b".repeat(64);

  @Test
  void theLabelsOfWhatIsDesiredCount() {
    FollowedServices followed =
        FollowedServices.of(
            body(
                service("web", "r:5000/app:1" + A, "r:5000/app:1", "digest", ""),
                service("db", "pg:1.4.2", "pg:1.4.2", "semver ^1", ""),
                service("off", "x:1", "x:1", "none", ""),
                service("plain", "x:1", "x:1", "", "")));

    assertThat(followed.problems()).isEmpty();
    assertThat(followed.services())
        .containsExactly(
            new Followed(
                "s",
                "s_web",
                ImagePolicy.of("digest"),
                new ImageReference("r:5000", "app", "1"),
                "r:5000/app:1" + A,
                "e30="),
            new Followed(
                "s",
                "s_db",
                ImagePolicy.of("semver ^1"),
                new ImageReference("docker.io", "library/pg", "1.4.2"),
                "",
                ""));
    assertThat(followed.services())
        .extracting(Followed::watched)
        .containsExactly(
            new Watched("r:5000", "app", "1"), new Watched("docker.io", "library/pg", ""));
  }

  @Test
  void aLabelThatIsWrongHarmsNoOtherService() {
    FollowedServices followed =
        FollowedServices.of(
            body(
                service("a", "x:1", "x:1", "digets", ""),
                service("b", "x:1", "x:1", "semver ^1", ""),
                service("c", "x:1" + A, "x:1" + A, "digest", ""),
                service("d", "x:1", "x:1", "digest", "manual"),
                service("good", "x:1", "x:1", "digest", "")));

    assertThat(followed.services()).extracting(Followed::service).containsExactly("s_good");
    assertThat(followed.problems()).containsOnlyKeys("s_a", "s_b", "s_c", "s_d");
    assertThat(followed.problems().get("s_b")).contains("is no version");
    assertThat(followed.problems().get("s_c")).contains("names a digest");
    assertThat(followed.problems().get("s_d")).contains("dev.skep.update=manual");
  }

  @Test
  void credentialsAreInNoText() {
    assertThat(
            FollowedServices.of(body(service("web", "r:5000/app", "r:5000/app", "digest", "")))
                .toString())
        .doesNotContain("e30=");
  }

  @Test
  void aRollChangesTheNamedServicesAlone() {
    StackBody before =
        body(
            service("web", "r:5000/app:1", "r:5000/app:1", "digest", ""),
            service("db", "pg:1.4.2", "pg:1.4.2", "semver ^1", ""),
            service("plain", "x:1", "x:1", "", ""));

    StackBody after =
        RolledBody.of(
            before, Map.of("s_web", image("r:5000/app:1", A), "s_db", image("pg:1.5.0", B)), true);

    assertThat(images(after)).containsExactly("r:5000/app:1" + A, "pg:1.5.0" + B, "x:1");
    assertThat(after.objects().services().get(1).at("/Labels/com.docker.stack.image").asText())
        .isEqualTo("pg:1.5.0");
    assertThat(
            after.objects().services().get(1).at("/TaskTemplate/Placement/Platforms/0/OS").asText())
        .isEqualTo("linux");
    assertThat(after.objects().services().get(2)).isEqualTo(before.objects().services().get(2));
    assertThat(after.options().resolveImage()).isEqualTo(ResolveImage.CHANGED);
    assertThat(after.options().rollbackOnFailure()).isTrue();
    assertThat(after.options().registryAuth()).isEqualTo(before.options().registryAuth());
    assertThat(images(before)).containsExactly("r:5000/app:1", "pg:1.4.2", "x:1");
  }

  @Test
  void theLabelOfAnImageIsLeftAsItsFileHasIt() {
    StackBody before = body(service("web", "nginx:1", "docker.io/library/nginx:1", "digest", ""));

    StackBody after = RolledBody.of(before, Map.of("s_web", image("nginx:1", A)), false);

    assertThat(after.objects().services().getFirst().at("/Labels/com.docker.stack.image").asText())
        .isEqualTo("docker.io/library/nginx:1");
  }

  @Test
  void aServiceThatIsNotThereIsAnError() {
    StackBody body = body(service("web", "x:1", "x:1", "digest", ""));

    assertThatThrownBy(() -> RolledBody.of(body, Map.of("s_no", image("x:1", A)), false))
        .hasMessageContaining("no service s_no");
  }

  @Test
  void imagesAreReadAsTheyWereWritten() {
    Map<String, NewImage> images = Map.of("s_web", image("x:1", A));

    assertThat(RolledBody.fromJson(RolledBody.toJson(images))).isEqualTo(images);
    for (String text :
        List.of("{}", "{'w':{}}", "{'w':{'name':'x:1','image':'x:1','platforms':[]}}")) {
      assertThatThrownBy(() -> RolledBody.fromJson(json(text)))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static NewImage image(String name, String digest) {
    return new NewImage(
        name,
        new Pin(
            name + digest,
            JsonNodeFactory.instance
                .arrayNode()
                .add(json("{'Architecture':'amd64','OS':'linux'}"))));
  }

  private static List<String> images(StackBody body) {
    return body.objects().services().stream().map(ImagePins::image).toList();
  }

  private static StackBody body(ObjectNode... services) {
    return new StackBody(
        "s",
        new StackObjects(List.of(), List.of(), List.of(), Arrays.asList(services)),
        new ApplyOptions(false, ResolveImage.ALWAYS, Map.of("r:5000", "e30=")));
  }

  private static ObjectNode service(
      String name, String image, String said, String policy, String update) {
    ObjectNode service =
        json(
            "{'Name':'s_%s','Labels':{'com.docker.stack.namespace':'s','com.docker.stack.image':'%s'},'TaskTemplate':{'ContainerSpec':{'Image':'%s'},'Placement':{}}}"
                .formatted(name, said, image));
    ObjectNode labels = (ObjectNode) service.path("Labels");
    if (!policy.isEmpty()) {
      labels.put("dev.skep.image", policy);
    }
    if (!update.isEmpty()) {
      labels.put("dev.skep.update", update);
    }
    return service;
  }
}
