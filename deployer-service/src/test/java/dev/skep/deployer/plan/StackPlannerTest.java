package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.plan.ObjectPlan.Action;
import dev.skep.model.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StackPlannerTest {
  private static final String WEB =
      "{'Name':'s_web','Labels':{'l':'%s'},'TaskTemplate':{'ContainerSpec':{'Image':'a:1',"
          + "'Env':['A=%s'],'Configs':[{'File':{'Name':'c'},'ConfigID':'%s','ConfigName':'%s'}]},"
          + "'Placement':{},'Networks':[{'Target':'%s'}]},'EndpointSpec':{'Mode':'%s'},"
          + "'Mode':{'Replicated':{'Replicas':1}}}";

  private static ObjectNode json(String text, Object... values) {
    try {
      return (ObjectNode) Json.mapper().readTree(text.replace('\'', '"').formatted(values));
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ObjectNode web(String label, String variable, String mode) {
    return json(WEB, label, variable, "", "s_c", "s_net", mode);
  }

  private static StackObjects objects(String content, ObjectNode... services) {
    return new StackObjects(
        List.of(json("{'Name':'s_net'}")),
        List.of(),
        List.of(json("{'Name':'s_c','Labels':{},'Data':'%s'}", content)),
        List.of(services));
  }

  /** A cluster with a network, a config "b25l" and the service as {@link #web} with 1, 1, vip. */
  private static LiveStack live() {
    JsonNode service = json("{'ID':'w','Spec':" + WEB + "}", "1", "1", "idc", "s_c", "idn", "vip");
    return new LiveStack(
        List.of(service),
        List.of(),
        List.of(json("{'ID':'idc','Spec':{'Name':'s_c','Labels':{},'Data':'b25l'}}")),
        List.of(json("{'Id':'idn','Name':'s_net'}")),
        Map.of("s_net", "idn"));
  }

  private static StackPlan plan(LiveStack live, StackObjects objects, boolean prune) {
    ServicePlanner services =
        new ServicePlanner(
            Names.empty(), live.swarmNetworks().values(), ImagePins.NONE, "1.41", false);
    List<JsonNode> superfluous = prune ? live.superfluous(objects, "") : List.of();
    return new StackPlanner(live, services, superfluous, Set.of()).plan("s", objects, List.of());
  }

  private static ObjectPlan service(StackPlan plan) {
    return plan.objects().getLast();
  }

  @Test
  void anEmptyClusterGetsEverything() {
    LiveStack none = new LiveStack(List.of(), List.of(), List.of(), List.of(), Map.of());

    StackPlan plan = plan(none, objects("b25l", web("1", "1", "vip")), false);

    assertThat(plan.objects()).extracting(ObjectPlan::action).containsOnly(Action.CREATE);
    assertThat(plan.objects())
        .extracting(o -> o.kind() + " " + o.name())
        .containsExactly("network s_net", "config s_c", "service s_web");
    assertThat(plan.changes()).isTrue();
  }

  @Test
  void whatIsAsDesiredIsKept() {
    StackPlan plan = plan(live(), objects("b25l", web("1", "1", "vip")), true);

    assertThat(plan.objects()).extracting(ObjectPlan::action).containsOnly(Action.KEEP);
    assertThat(plan.changes()).isFalse();
  }

  @Test
  void aLabelRestartsNothingWhereAVariableAndTheWayOfBalancingDo() {
    StackPlan label = plan(live(), objects("b25l", web("2", "1", "vip")), false);
    StackPlan variable = plan(live(), objects("b25l", web("1", "2", "vip")), false);
    StackPlan mode = plan(live(), objects("b25l", web("1", "1", "dnsrr")), false);

    assertThat(service(label).action()).isEqualTo(Action.CHANGE);
    assertThat(service(label).restarts()).isFalse();
    assertThat(service(variable).restarts()).isTrue();
    assertThat(service(variable).fields())
        .extracting(FieldChange::path)
        .containsExactly("/TaskTemplate/ContainerSpec/Env/A");
    assertThat(service(mode).restarts()).isTrue();
  }

  @Test
  void anotherContentIsANewObjectAndRestartsWhoUsesIt() {
    StackPlan plan = plan(live(), objects("dHdv", web("1", "1", "vip")), false);

    ObjectPlan config = plan.objects().get(1);
    assertThat(config.action()).isEqualTo(Action.REPLACE);
    assertThat(config.becomes()).matches("s_c-[0-9a-f]{8}");
    assertThat(service(plan).restarts()).isTrue();
    assertThat(service(plan).fields())
        .singleElement()
        .hasToString(
            "FieldChange[path=/TaskTemplate/ContainerSpec/Configs/c/ConfigName, from=\"s_c\","
                + " to=\"%s\", masked=false]".formatted(config.becomes()));
    assertThat(plan.toJson().toString()).doesNotContain("dHdv", "b25l");
  }

  @Test
  void aNetworkThatIsMadeAgainRestartsWhoIsOnIt() {
    LiveStack live = live();
    LiveStack without =
        new LiveStack(live.services(), List.of(), live.configs(), List.of(), Map.of());

    StackPlan plan = plan(without, objects("b25l", web("1", "1", "vip")), false);

    assertThat(plan.objects().getFirst().action()).isEqualTo(Action.CREATE);
    assertThat(service(plan).restarts()).isTrue();
  }

  @Test
  void whatIsUpdatedByHandIsHeldWithItsFieldsAndIsNoChange() {
    ObjectNode held = web("1", "2", "vip");
    ((ObjectNode) held.get("Labels")).put("dev.skep.update", "manual");

    StackPlan plan = plan(live(), objects("b25l", held), false);

    assertThat(service(plan).action()).isEqualTo(Action.HOLD);
    assertThat(service(plan).fields())
        .extracting(FieldChange::path)
        .containsExactly("/Labels/dev.skep.update", "/TaskTemplate/ContainerSpec/Env/A");
    assertThat(plan.changes()).isFalse();
    assertThat(plan.restarts()).isZero();
  }

  @Test
  void aServiceThatNoFileNamesIsRemovedOnlyWithPruning() {
    assertThat(plan(live(), objects("b25l"), false).objects())
        .extracting(ObjectPlan::kind)
        .containsExactly("network", "config");
    assertThat(service(plan(live(), objects("b25l"), true)))
        .isEqualTo(ObjectPlan.plain("service", "s_web", Action.REMOVE));
  }

  @Test
  void theEnginesRefusalOfAnotherKindOfServiceIsToldBefore() {
    ObjectNode global = web("1", "1", "vip");
    global.set("Mode", json("{'Global':{}}"));

    assertThat(plan(live(), objects("b25l", global), false).warnings())
        .singleElement()
        .asString()
        .contains("s_web", "a Replicated service a Global one", "remove it first");
  }

  @Test
  void theDocumentHasAllObjectsAndTheSums() {
    ObjectNode json = plan(live(), objects("dHdv", web("1", "1", "vip")), false).toJson();

    assertThat(json.path("stack").asText()).isEqualTo("s");
    assertThat(json.path("changes").asBoolean()).isTrue();
    assertThat(json.path("summary"))
        .hasToString(
            "{\"create\":0,\"change\":1,\"restart\":1,\"replace\":1,\"remove\":0,"
                + "\"hold\":0,\"keep\":1}");
    assertThat(json.path("objects").valueStream().map(o -> o.path("action").asText()))
        .containsExactly("keep", "replace", "change");
    assertThat(json.at("/objects/2/fields/0").fieldNames())
        .toIterable()
        .containsExactly("path", "from", "to", "masked");
    assertThat(json.path("warnings").isArray()).isTrue();
  }
}
