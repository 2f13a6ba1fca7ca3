package dev.skep.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNameTest {
  @ParameterizedTest
  @CsvSource({
    "haproxy:3.4,library/haproxy:3.4",
    "haproxy,library/haproxy:latest",
    "skep/cli:0.1.0,skep/cli:0.1.0",
    "docker.io/apache/kafka:4.3.1,apache/kafka:4.3.1",
    "docker.io/haproxy:3.4,library/haproxy:3.4"
  })
  void aMirrorKnowsImagesByDockerHubsNames(String image, String mirrored) {
    assertThat(ImageName.parse(image)).hasToString(mirrored);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ghcr.io/x/y:1", "localhost:5000/x:1", "haproxy@sha256:00"})
  void imagesOfOtherRegistriesAreRefused(String image) {
    assertThatThrownBy(() -> ImageName.parse(image)).hasMessageContaining("Docker Hub");
  }
}
