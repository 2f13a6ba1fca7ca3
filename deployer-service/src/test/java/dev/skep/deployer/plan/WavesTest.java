package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.Dependency;
import dev.skep.deployer.compose.Dependency.Condition;
import dev.skep.model.Json;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WavesTest {
  private static ObjectNode service(String name, String update) {
    ObjectNode service = Json.mapper().createObjectNode().put("Name", name);
    service.putObject("Labels").put("dev.skep.update", update);
    return service;
  }

  private static ObjectNode job(String name) {
    ObjectNode service = service(name, "");
    service.putObject("Mode").putObject("ReplicatedJob");
    return service;
  }

  private static List<Dependency> on(String... services) {
    return Stream.of(services).map(s -> new Dependency(s, Condition.STARTED, true)).toList();
  }

  private static Dependency completed(String service) {
    return new Dependency(service, Condition.COMPLETED, true);
  }

  private static List<List<String>> ranks(Waves waves) {
    return waves.ranks().stream()
        .map(w -> w.stream().map(s -> s.path("Name").asText()).toList())
        .toList();
  }

  @Test
  void servicesWithoutLabelsAreOneWaveWithinWhichEachWaitsForItsOwnDependencies() {
    Waves waves =
        Waves.of(
            List.of(service("db", ""), service("web", ""), service("api", "")),
            Map.of("api", on("db"), "web", on("api", "not-there")),
            "");

    assertThat(ranks(waves)).containsExactly(List.of("db", "web", "api"));
    assertThat(waves.of("web")).extracting(Dependency::service).containsExactly("api");
    assertThat(waves.of("api")).extracting(Dependency::service).containsExactly("db");
    assertThat(waves.of("db")).isEmpty();
    assertThat(waves.warnings()).isEmpty();
  }

  @Test
  void labelsStillHoldWhereTheyDoNotContradict() {
    Waves waves =
        Waves.of(
            List.of(
                service("own", ""), service("a", ""), service("b", "last"), service("c", "last")),
            Map.of("b", on("a"), "c", on("b")),
            "own");

    assertThat(ranks(waves)).containsExactly(List.of("a"), List.of("b", "c"), List.of("own"));
    assertThat(waves.warnings()).isEmpty();
  }

  @Test
  void whatDependsOnAServiceWithALaterLabelComesWithItAndIsToldSo() {
    Waves waves =
        Waves.of(
            List.of(service("db", "last-2"), service("api", "last"), service("web", "")),
            Map.of("api", on("db"), "web", on("api")),
            "");

    assertThat(ranks(waves)).containsExactly(List.of("db", "api", "web"));
    assertThat(waves.warnings())
        .contains(
            "service api depends on db, which comes later by the label dev.skep.update: it is made after it");
  }

  @Test
  void theDeployersOwnServiceComesLastAndIsWaitedForByNobody() {
    Waves waves =
        Waves.of(
            List.of(service("own", ""), service("a", "last"), service("b", "")),
            Map.of("own", on("a"), "b", on("own")),
            "own");

    assertThat(ranks(waves)).containsExactly(List.of("b"), List.of("a"), List.of("own"));
    assertThat(waves.of("b")).isEmpty();
    assertThat(waves.of("own")).extracting(Dependency::service).containsExactly("a");
    assertThat(waves.warnings())
        .containsExactly(
            "service b depends on own, which is the deployer's own and comes after all others: not waited for");
  }

  @Test
  void aServiceThatNeverEndsIsNotWaitedToCompleteWithoutAWord() {
    ObjectNode once = service("once", "");
    once.withObject("/TaskTemplate/RestartPolicy").put("Condition", "none");

    Waves waves =
        Waves.of(
            List.of(service("db", ""), job("setup"), once, service("web", "")),
            Map.of("web", List.of(completed("db"), completed("setup"), completed("once"))),
            "");

    assertThat(waves.warnings())
        .singleElement()
        .asString()
        .startsWith("service web waits for db to complete, which Swarm starts again");
  }

  @Test
  void aCircleIsFoundAndWavesAreThereNevertheless() {
    Map<String, List<Dependency>> circle =
        Map.of("a", on("b"), "b", on("c"), "c", on("a"), "d", on("a"));

    assertThat(Waves.cycle(circle)).contains(List.of("a", "b", "c", "a"));
    assertThat(Waves.cycle(Map.of("a", on("b", "c"), "b", on("c")))).isEmpty();
    assertThat(
            ranks(
                Waves.of(
                    List.of(service("a", "last"), service("b", ""), service("c", "")), circle, "")))
        .containsExactly(List.of("a", "b", "c"));
  }
}
