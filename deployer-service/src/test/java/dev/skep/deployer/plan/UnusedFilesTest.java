package dev.skep.deployer.plan;

import static dev.skep.deployer.revision.SomeRevisions.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class UnusedFilesTest {
  private static final List<ObjectNode> DESIRED = List.of(json("{'Name':'s_c'}"));

  private static ObjectNode config(String name, String rotates) {
    return json(
        "{'ID':'%s','Spec':{'Name':'%s','Labels':{%s}}}"
            .formatted(
                name, name, rotates.isEmpty() ? "" : "'dev.skep.rotates':'" + rotates + "'"));
  }

  private static JsonNode service(String now, String before) {
    return json("{'Spec':%s,'PreviousSpec':%s}".formatted(spec(now), spec(before)));
  }

  private static String spec(String config) {
    return "{'TaskTemplate':{'ContainerSpec':{'Configs':[{'ConfigName':'%s'}]}}}".formatted(config);
  }

  private static List<String> unused(
      List<ObjectNode> live, List<JsonNode> services, String... kept) {
    return UnusedFiles.of("config", DESIRED, List.copyOf(live), services, Set.of(kept)).stream()
        .map(LiveStack::nameOf)
        .toList();
  }

  private static final List<ObjectNode> LIVE =
      List.of(
          config("s_c", ""),
          config("s_c-00000001", "s_c"),
          config("s_c-00000002", "s_c"),
          config("s_c-00000003", "s_c"),
          config("s_c-00000004", "s_c"));

  @Test
  void whatNeitherServicesNorTheirLastSpecsNorKeptRevisionsNeedIsUnused() {
    assertThat(
            unused(
                LIVE,
                List.of(service("s_c-00000004", "s_c-00000003")),
                "config s_c-00000002",
                "secret s_c-00000001"))
        .containsExactly("s_c-00000001");
  }

  @Test
  void onlyWhatRotationMadeIsRemoved() {
    List<ObjectNode> live =
        List.of(
            config("s_c", ""),
            // The form alone, and the label alone, are no sign of ours.
            config("s_c-00000001", ""),
            config("s_other", "s_c"),
            config("s_c-2026", "s_c"));

    assertThat(unused(live, List.of(service("s_c", "s_c")))).isEmpty();
  }

  @Test
  void whatNoServiceUsesYetStays() {
    assertThat(unused(LIVE, List.of(service("x", "y")))).isEmpty();
  }

  @Test
  void whatNoFileNamesAnyMoreIsRemoved() {
    List<ObjectNode> live = List.of(config("s_gone", ""), config("s_gone-00000001", "s_gone"));

    assertThat(unused(live, List.of(service("s_c", "s_c")))).containsExactly("s_gone-00000001");
  }
}
