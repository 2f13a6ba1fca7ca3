package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.StackObjects;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is removed is named in the program; what is made, in the stack file. */
class SuiteObjectsTest {
  private static final Path ROOT = Path.of(System.getProperty("skep.root"));

  @ParameterizedTest
  @ValueSource(strings = {"stack.yml", "stack.yml,stack.kafka-3.yml"})
  void everyVolumeOfTheStackIsOneThatAPurgeRemoves(String names) {
    List<Path> files = Stream.of(names.split(",", -1)).map(ROOT::resolve).toList();
    Map<String, String> required =
        Map.of(
            "SKEP_KAFKA_CLUSTER_ID", "AAAAAAAAAAAAAAAAAAAAAA",
            "SKEP_KAFKA_VOTERS", "1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093");
    StackObjects stack = Converter.convert(Compose.load(files, required), "skep");

    Set<String> mounted = new TreeSet<>();
    for (JsonNode service : stack.services()) {
      for (JsonNode mount : service.at("/TaskTemplate/ContainerSpec/Mounts")) {
        if (mount.path("Type").asText().equals("volume")) {
          mounted.add(mount.path("Source").asText());
        }
      }
    }

    assertThat(mounted).isNotEmpty();
    assertThat(SuiteObjects.VOLUMES).containsAll(mounted);
  }
}
