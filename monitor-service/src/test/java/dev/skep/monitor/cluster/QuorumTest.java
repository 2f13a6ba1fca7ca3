package dev.skep.monitor.cluster;

import static dev.skep.monitor.Fixtures.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Node;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuorumTest {
  @Test
  void ofThreeManagersOneMayBeLost() {
    List<Node> nodes =
        List.of(
            node("m1", Node.Role.MANAGER, Node.State.READY, true),
            node("m2", Node.Role.MANAGER),
            node("m3", Node.Role.MANAGER),
            node("w1", Node.Role.WORKER));

    Quorum quorum = Quorum.of(nodes);

    assertThat(quorum).isEqualTo(new Quorum(3, 3, 2, 1, "m1.example"));
  }

  @Test
  void withTwoOfThreeManagersGoneThereIsNoQuorum() {
    List<Node> nodes =
        List.of(
            node("m1", Node.Role.MANAGER),
            node("m2", Node.Role.MANAGER, Node.State.DOWN, false),
            node("m3", Node.Role.MANAGER, Node.State.DOWN, false));

    Quorum quorum = Quorum.of(nodes);

    assertThat(quorum.margin()).isNegative();
    assertThat(quorum.leader()).isNull();
  }
}
