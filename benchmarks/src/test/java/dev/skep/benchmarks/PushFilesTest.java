package dev.skep.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.declare.SourcesFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PushFilesTest {
  private static final String FOLLOW = "dev.skep.image";

  @TempDir Path dir;

  private List<ObjectNode> services(String version, boolean follow) throws IOException {
    String text = PushFiles.compose(12, "127.0.0.1:5000/app:stable", version, follow);
    Path file = Files.writeString(dir.resolve("compose.yml"), text);
    return Converter.convert(Compose.load(List.of(file), Map.of()), "bench").services();
  }

  @Test
  void anotherVersionChangesEveryServiceAndNoneRunsATask() throws IOException {
    List<ObjectNode> before = services("1", false);

    List<ObjectNode> after = services("2", false);

    assertThat(after)
        .hasSize(12)
        .doesNotContainAnyElementsOf(before)
        .allSatisfy(
            s -> {
              assertThat(s.at("/Mode/Replicated/Replicas").asInt(-1)).isZero();
              assertThat(s.at("/EndpointSpec/Mode").asText()).isEqualTo("dnsrr");
              assertThat(s.path("Labels").has(FOLLOW)).isFalse();
            });
    assertThat(services("2", false)).isEqualTo(after);
  }

  @Test
  void servicesThatFollowTheirImageSaySo() throws IOException {
    assertThat(services("1", true))
        .extracting(s -> s.path("Labels").path(FOLLOW))
        .extracting(JsonNode::asText)
        .containsOnly("digest");
  }

  @Test
  void sourcesAreDeclaredAsTheDeployerWantsThem() {
    String text =
        "sources:\n"
            + PushFiles.source("one", dir.resolve("one.git"), dir.resolve("secret"), true)
            + PushFiles.source("two", dir.resolve("two.git"), dir.resolve("secret"), false);

    SourcesFile read = SourcesFile.read("sources.yml", text, dir);

    assertThat(read.problems()).isEmpty();
    assertThat(read.broken()).isEmpty();
    assertThat(read.sources())
        .extracting(Source::name, Source::reference, Source::poll, Source::resolveImage)
        .containsExactly(
            tuple("one", "refs/heads/main", Duration.ofHours(1), ResolveImage.ALWAYS),
            tuple("two", "refs/heads/main", Duration.ofHours(1), ResolveImage.NEVER));
    assertThat(read.sources())
        .allSatisfy(s -> assertThat(s.webhookSecret()).contains(dir.resolve("secret")));
  }
}
