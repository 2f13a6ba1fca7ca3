package dev.skep.deployer.gate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ServiceTaskTest {
  private final Cluster cluster = new Cluster().task(1, "shutdown", "failed");
  private final ObjectNode task = (ObjectNode) cluster.tasks.getFirst();

  @Test
  void whatIsLargeInATaskIsNotKept() {
    ObjectNode small = task.deepCopy();
    String large = "x".repeat(100_000);
    cluster.service.withObject("/Spec/TaskTemplate/ContainerSpec").putArray("Env").add(large);
    task.withObject("/Spec/ContainerSpec").putArray("Env").add(large);
    task.putArray("NetworksAttachments").addObject().withObject("/Network").put("ID", large);
    task.withObject("/Status/ContainerStatus").put("ContainerID", large);
    task.withObject("/Annotations/Labels").put("large", large);

    ServiceTask kept = of(task);

    assertThat(kept.ofSpec()).isTrue();
    assertThat(kept.row()).isEqualTo(of(small).row());
    assertThat(kept.toString()).hasSizeLessThan(500);
  }

  @Test
  void ofAnotherSpecIsWhatDiffersInMoreThanThePlacement() {
    assertThat(of(task).ofSpec()).isTrue();

    task.withObject("/Spec/Placement").putArray("Constraints").add("x==y");
    assertThat(of(task).ofSpec()).isTrue();
    task.withObject("/Spec").remove("Placement");
    assertThat(of(task).ofSpec()).isTrue();

    task.withObject("/Spec/ContainerSpec").put("Hostname", "other");
    assertThat(of(task).ofSpec()).isFalse();
    task.withObject("/Spec/ContainerSpec").remove("Hostname");
    task.withObject("/Spec").put("ForceUpdate", 1);
    assertThat(of(task).ofSpec()).isFalse();
    task.withObject("/Spec").remove("ForceUpdate");
    task.withObject("/Spec").remove("ContainerSpec");
    assertThat(of(task).ofSpec()).isFalse();
  }

  @Test
  void textsThatAreEqualAreOneObject() {
    Map<String, String> texts = new HashMap<>();
    UnaryOperator<String> one = text -> texts.computeIfAbsent(text, t -> t);
    ObjectNode again = Cluster.json(task.toString().replace('"', '\''));

    ServiceTask first = ServiceTask.of(cluster.service, task, one);
    ServiceTask second = ServiceTask.of(cluster.service, again, one);

    assertThat(second).isEqualTo(first);
    assertThat(second.row().nodeId()).isSameAs(first.row().nodeId()).isSameAs(first.row().node());
    assertThat(second.row().image()).isSameAs(first.row().image());
    assertThat(second.row().error()).isSameAs(first.row().error());
  }

  private ServiceTask of(ObjectNode json) {
    return ServiceTask.of(cluster.service, json, UnaryOperator.identity());
  }
}
