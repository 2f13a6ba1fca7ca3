package dev.skep.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SwarmTest {
  @ParameterizedTest
  @CsvSource({
    "Leader Reachable Reachable,true",
    "Leader Reachable Unreachable,true",
    "Leader Unreachable Unreachable,false",
    "Leader,true"
  })
  void aLeaderThatReachesTooFewDoesNotSpeakForTheCluster(String managers, boolean majority) {
    Stream<String> rows = Stream.concat(Stream.of(managers.split(" ", -1)), Stream.of("", ""));
    List<Swarm.Member> members =
        rows.map(manager -> Swarm.Member.parse("id\tname\tReady\tActive\t" + manager)).toList();

    assertThat(Swarm.hasMajority(members)).isEqualTo(majority);
  }
}
