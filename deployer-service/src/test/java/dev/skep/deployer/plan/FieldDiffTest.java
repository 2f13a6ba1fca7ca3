package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.model.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldDiffTest {
  private static JsonNode json(String text) throws Exception {
    return Json.mapper().readTree(text.replace('\'', '"'));
  }

  private static List<String> diff(String live, String wanted) throws Exception {
    return FieldDiff.service(json(live), json(wanted), Map.of("n1", "front", "n2", "back")).stream()
        .map(f -> "%s %s %s".formatted(f.path(), f.from(), f.to()).replace('"', '\''))
        .toList();
  }

  private static String container(String fields) {
    return "{'TaskTemplate':{'ContainerSpec':{" + fields + "}}}";
  }

  @Test
  void scalarsAreToldWithBothValues() throws Exception {
    assertThat(
            diff(
                "{'Labels':{'a/b':'1'},'Mode':{'Replicated':{'Replicas':1}}}",
                "{'Labels':{'a/b':'2','c':''},'Mode':{'Replicated':{'Replicas':3}}}"))
        .containsExactly(
            "/Labels/a~1b '1' '2'", "/Labels/c null ''", "/Mode/Replicated/Replicas '1' '3'");
  }

  @Test
  void variablesAreToldByNameAndSecretOnesMasked() throws Exception {
    List<FieldChange> changes =
        FieldDiff.service(
            json(container("'Env':['A=1','DB_PASSWORD=hunter2','GONE=x','URL=u://a:hunter2@h']")),
            json(container("'Env':['A=2','DB_PASSWORD=hunter3','NEW','URL=u://a:hunter3@h']")),
            Map.of());

    assertThat(changes.toString()).doesNotContain("hunter");
    String env = "/TaskTemplate/ContainerSpec/Env/";
    assertThat(changes)
        .extracting(f -> f.path() + " " + f.from() + " " + f.to() + " " + f.masked())
        .containsExactly(
            env + "A \"1\" \"2\" false",
            env + "DB_PASSWORD \"***\" \"***\" true",
            env + "GONE \"x\" null false",
            env + "NEW null \"(unset)\" false",
            env + "URL \"u://a:***@h\" \"u://a:***@h\" true");
  }

  @Test
  void networksAndFilesGoByTheirNames() throws Exception {
    assertThat(
            diff(
                "{'TaskTemplate':{'Networks':[{'Target':'n1'}],'ContainerSpec':{'Configs':["
                    + "{'File':{'Name':'c'},'ConfigID':'i1','ConfigName':'s_c'}]}}}",
                "{'TaskTemplate':{'Networks':[{'Target':'n1','Aliases':['a']},{'Target':'n2'}],"
                    + "'ContainerSpec':{'Configs':["
                    + "{'File':{'Name':'c'},'ConfigID':'(new)','ConfigName':'s_c-12345678'}]}}}"))
        .containsExactly(
            "/TaskTemplate/ContainerSpec/Configs/c/ConfigName 's_c' 's_c-12345678'",
            "/TaskTemplate/Networks/back null {'Target':'back'}",
            "/TaskTemplate/Networks/front/Aliases null ['a']");
  }

  @Test
  void anObjectThatWasMadeAgainUnderItsNameIsTold() throws Exception {
    assertThat(
            diff(
                container("'Secrets':[{'File':{'Name':'s'},'SecretID':'i1','SecretName':'s_s'}]"),
                container("'Secrets':[{'File':{'Name':'s'},'SecretID':'i2','SecretName':'s_s'}]")))
        .containsExactly("/TaskTemplate/ContainerSpec/Secrets/s/SecretID 'i1' 'i2'");
  }

  @Test
  void twoNetworksOfOneNameAreToldApart() throws Exception {
    List<FieldChange> changes =
        FieldDiff.service(
            json("{'TaskTemplate':{'Networks':[{'Target':'n1'}]}}"),
            json("{'TaskTemplate':{'Networks':[{'Target':'front'}]}}"),
            Map.of("n1", "front"));

    assertThat(changes).hasSize(2);
  }

  @Test
  void anotherOrderOfAListIsAChange() throws Exception {
    assertThat(diff(container("'Env':['A=1','B=2']"), container("'Env':['B=2','A=1']")))
        .containsExactly("/TaskTemplate/ContainerSpec/Env ['A=1','B=2'] ['B=2','A=1']");
  }

  @Test
  void whatTheEngineFillsInIsNoChange() throws Exception {
    assertThat(diff(container("'Isolation':'default'"), "{}")).isEmpty();
  }

  /** The two must never disagree: a change without a field, or a field without a change. */
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void thereAreFieldsExactlyWhereTheNormalFormsDiffer(long seed) {
    Random random = new Random(seed);
    int same = 0;
    for (int i = 0; i < 2_000; i++) {
      ObjectNode one = spec(random);
      ObjectNode other = spec(random);
      boolean equal = SpecForm.of(one).equals(SpecForm.of(other));
      same += equal ? 1 : 0;
      List<FieldChange> changes = FieldDiff.service(one, other, Map.of("n0", "front"));
      assertThat(changes.isEmpty()).as(one + " and " + other).isEqualTo(equal);
      assertThat(changes.toString()).doesNotContain("hunter");
    }
    assertThat(same).isPositive();
  }

  private static ObjectNode spec(Random random) {
    ObjectNode spec = Json.mapper().createObjectNode();
    ObjectNode task = spec.putObject("TaskTemplate");
    ObjectNode container = task.putObject("ContainerSpec");
    switch (random.nextInt(6)) {
      case 0 -> some(container.putArray("Env"), random, "A=1", "A", "B=", "A=2", "A_KEY=hunter2");
      case 1 -> some(container.putArray("Args"), random, "a", "--token", "--token=hunter2");
      case 2 -> {
        for (int i = random.nextInt(3); i > 0; i--) {
          String id = List.of("n0", "front", "").get(random.nextInt(3));
          task.withArray("Networks").addObject().put("Target", id);
        }
      }
      case 3 -> {
        for (int i = random.nextInt(3); i > 0; i--) {
          ObjectNode file = container.withArray("Secrets").addObject();
          file.put("SecretID", "i" + random.nextInt(2)).put("SecretName", "s" + random.nextInt(2));
          file.putObject("File").put("Name", random.nextBoolean() ? "f" : "");
        }
      }
      case 4 -> {
        String mode = List.of("Global", "Replicated", "GlobalJob").get(random.nextInt(3));
        spec.putObject("Mode").putObject(mode);
      }
      default -> {
        ObjectNode labels = spec.putObject("Labels");
        labels.put("k" + random.nextInt(2), random.nextBoolean() ? "" : "v");
        labels.put("my.secret", random.nextBoolean() ? "hunter2" : "hunter3");
      }
    }
    return spec;
  }

  private static void some(ArrayNode array, Random random, String... items) {
    for (int i = random.nextInt(3); i > 0; i--) {
      array.add(items[random.nextInt(items.length)]);
    }
  }
}
