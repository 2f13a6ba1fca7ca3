package dev.skep.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.convert.Converter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployFileTest {
  @TempDir Path dir;

  private List<ObjectNode> services(int count, int changed) throws IOException {
    Path file = Files.writeString(dir.resolve("stack.yml"), DeployFile.of(count, changed, "app:1"));
    return Converter.convert(Compose.load(List.of(file), Map.of()), "bench").services();
  }

  @Test
  void theServicesRunNoTaskAndNeedNoAddress() throws IOException {
    assertThat(services(12, 0))
        .hasSize(12)
        .allSatisfy(
            s -> {
              assertThat(s.at("/Mode/Replicated/Replicas").asInt(-1)).isZero();
              assertThat(s.at("/EndpointSpec/Mode").asText()).isEqualTo("dnsrr");
            });
  }

  @Test
  void soManyDifferAsAreChanged() throws IOException {
    List<ObjectNode> before = services(12, 0);

    List<ObjectNode> after = services(12, 1);

    assertThat(after).hasSize(12).filteredOn(s -> !before.contains(s)).hasSize(1);
  }
}
