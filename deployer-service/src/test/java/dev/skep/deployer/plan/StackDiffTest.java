package dev.skep.deployer.plan;

import static dev.skep.deployer.revision.SomeRevisions.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ObjectPlan.Action;
import java.util.List;
import org.junit.jupiter.api.Test;

class StackDiffTest {
  private static ObjectNode service(String name, String image, String password) {
    return json(
        ("{'Name':'%s','Labels':{},'TaskTemplate':{'ContainerSpec':{'Image':'%s',"
                + "'Env':['PASSWORD=%s']},'Placement':{}}}")
            .formatted(name, image, password));
  }

  private static StackObjects objects(String content, ObjectNode... services) {
    return new StackObjects(
        List.of(json("{'Name':'s_net','Driver':'overlay'}")),
        List.of(json("{'Name':'s_pw','Labels':{},'Data':'%s'}".formatted(content))),
        List.of(json("{'Name':'s_c','Labels':{},'Data':'%s'}".formatted(content))),
        List.of(services));
  }

  @Test
  void theSameHasNoChanges() {
    StackObjects one = objects("b25l", service("s_web", "a:1", "x"));

    StackPlan diff = StackDiff.between("s", one, one);

    assertThat(diff.changes()).isFalse();
    assertThat(diff.objects()).extracting(ObjectPlan::action).containsOnly(Action.KEEP);
  }

  @Test
  void namesWhatIsAddedRemovedAndChangedFieldByField() {
    StackPlan diff =
        StackDiff.between(
            "s",
            objects("b25l", service("s_old", "a:1", "x"), service("s_web", "a:1", "x")),
            objects("b25l", service("s_new", "a:1", "x"), service("s_web", "a:2", "x")));

    assertThat(diff.objects())
        .filteredOn(o -> o.kind().equals("service"))
        .extracting(o -> o.action() + " " + o.name())
        .containsExactly("CREATE s_new", "REMOVE s_old", "CHANGE s_web");
    assertThat(diff.objects().getLast().fields())
        .extracting(FieldChange::path)
        .containsExactly("/TaskTemplate/ContainerSpec/Image");
  }

  @Test
  void contentAndPasswordsDifferWithoutBeingShown() {
    StackPlan diff =
        StackDiff.between(
            "s",
            objects("b25l", service("s_web", "a:1", "hunter1")),
            objects("dHdv", service("s_web", "a:1", "hunter2")));

    assertThat(diff.objects())
        .filteredOn(ObjectPlan::changes)
        .extracting(o -> o.kind() + " " + o.note())
        .containsExactly("secret its content differs", "config its content differs", "service ");
    assertThat(diff.toJson().toString()).doesNotContain("hunter", "b25l", "dHdv");
  }

  @Test
  void theDocumentCanBeReadBack() {
    StackPlan diff =
        StackDiff.between(
            "s",
            objects("b25l", service("s_web", "a:1", "x")),
            objects("dHdv", service("s_web", "a:2", "x"), service("s_z", "a", "x")));

    assertThat(StackPlan.fromJson(diff.toJson())).isEqualTo(diff);
  }
}
