package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.skep.deployer.plan.FieldChange;
import dev.skep.deployer.plan.ObjectPlan;
import dev.skep.deployer.plan.ObjectPlan.Action;
import dev.skep.deployer.plan.StackPlan;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanTextTest {
  private static ObjectPlan object(
      String kind, String name, Action action, boolean restarts, FieldChange... fields) {
    return new ObjectPlan(kind, name, action, restarts, "", List.of(fields), "");
  }

  private static FieldChange field(String path, String from, String to) {
    return new FieldChange(
        path,
        from == null ? null : TextNode.valueOf(from),
        to == null ? null : TextNode.valueOf(to),
        false);
  }

  private static List<String> lines(boolean coloured, ObjectPlan... objects) {
    return new PlanText(coloured).lines(new StackPlan("s", List.of(objects), List.of()));
  }

  @Test
  void aLineForEachObjectThatIsNotJustKeptAndTheSum() {
    assertThat(
            lines(
                false,
                object("network", "s_net", Action.KEEP, false),
                new ObjectPlan(
                    "config", "s_c", Action.REPLACE, false, "s_c-12345678", List.of(), ""),
                object("service", "s_a", Action.CREATE, false),
                object("service", "s_b", Action.CHANGE, true, field("/Labels/l", null, "1")),
                object("service", "s_c", Action.HOLD, false, field("/Labels/l", "1", null)),
                object("service", "s_d", Action.REMOVE, false)))
        .containsExactly(
            "-/+ config s_c (as s_c-12345678)",
            "+ service s_a",
            "~ service s_b (restarts its tasks)",
            "    /Labels/l: (none) -> 1",
            "! service s_c (held; --include-held changes it)",
            "    /Labels/l: 1 -> (none)",
            "- service s_d",
            "plan: 1 to create, 1 to change (1 restarts tasks), 1 to replace, 1 to remove,"
                + " 1 unchanged, 1 held");
  }

  @Test
  void whereNothingIsToBeDoneThereIsTheSumAlone() {
    assertThat(lines(true, object("service", "s_a", Action.KEEP, false)))
        .containsExactly("plan: 0 to create, 0 to change, 0 to remove, 1 unchanged");
  }

  @Test
  void aValueNeitherBreaksTheLineNorReachesTheTerminalAsACommand() {
    String line =
        lines(
                false,
                object(
                    "service",
                    "s_a",
                    Action.CHANGE,
                    false,
                    field("/Labels/l", "a\nb \u001b[31m\u009b", "")))
            .get(1);

    assertThat(line.codePoints()).noneMatch(Character::isISOControl);
    assertThat(line).endsWith("-> \"\"").contains("a\\nb ");
  }

  @Test
  void digestsAreShortened() {
    String digest = "0123456789ab" + "c".repeat(52);
    assertThat(
            lines(
                false,
                object(
                    "service",
                    "s_a",
                    Action.CHANGE,
                    true,
                    field("/Image", "a:1@sha256:" + digest, "a:2"))))
        .contains("    /Image: a:1@sha256:0123456789ab -> a:2");
  }

  @Test
  void colourIsForTheSignAlone() {
    assertThat(lines(true, object("service", "s_a", Action.CREATE, false)).getFirst())
        .isEqualTo("\u001b[32m+\u001b[0m service s_a");
  }
}
