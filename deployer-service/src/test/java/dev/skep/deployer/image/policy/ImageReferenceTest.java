package dev.skep.deployer.image.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {
  @ParameterizedTest
  @CsvSource({
    "nginx,docker.io,library/nginx,latest",
    "nginx:1.27,docker.io,library/nginx,1.27",
    "docker.io/library/nginx:1.27,docker.io,library/nginx,1.27",
    "index.docker.io/nginx,docker.io,library/nginx,latest",
    "grafana/grafana:12,docker.io,grafana/grafana,12",
    "registry.example.org/team/app:1.4,registry.example.org,team/app,1.4",
    "127.0.0.1:5000/app,127.0.0.1:5000,app,latest",
    "localhost/app:x,localhost,app,x",
  })
  void namesOfOneImageAreOne(String image, String registry, String path, String tag) {
    assertThat(ImageReference.of(image)).contains(new ImageReference(registry, path, tag));
  }

  @Test
  void theNameIsTheOneThatPeopleUse() {
    assertThat(ImageReference.of("docker.io/library/nginx:1.27").orElseThrow().name())
        .isEqualTo("nginx:1.27");
    assertThat(ImageReference.of("r:5000/app").orElseThrow().withTag("2").name())
        .isEqualTo("r:5000/app:2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "App",
        "app:",
        "app@sha256:0000000000000000000000000000000000000000000000000000000000000000",
        "app:1@sha256:0000000000000000000000000000000000000000000000000000000000000000"
      })
  void aDigestAndWhatIsNoNameAreNoTags(String image) {
    assertThat(ImageReference.of(image)).isEmpty();
  }
}
