package dev.skep.deployer.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import org.junit.jupiter.api.Test;

class SpecDiffTest {
  private static JsonNode json(String text) throws Exception {
    return Json.mapper().readTree(text.replace('\'', '"'));
  }

  @Test
  void namesFieldsAndNeverValues() throws Exception {
    JsonNode live =
        json(
            "{'Labels':{'a':'1'},'TaskTemplate':{'ContainerSpec':{'Image':'a:1','Env':['P=hunter2']},"
                + "'Resources':{'Limits':{'MemoryBytes':1}}}}");
    JsonNode wanted =
        json(
            "{'Labels':{'a':'2'},'TaskTemplate':{'ContainerSpec':{'Image':'a:2','Env':['P=other']},"
                + "'Resources':{'Limits':{'MemoryBytes':2}}}}");

    assertThat(SpecDiff.fields(live, wanted))
        .containsExactly("Labels.a", "Env", "Image", "Resources.Limits");
  }

  @Test
  void defaultsThatTheEngineFillsInAreNoDifference() throws Exception {
    JsonNode live = json("{'Name':'s','TaskTemplate':{'ContainerSpec':{'Isolation':'default'}}}");

    assertThat(SpecDiff.fields(live, json("{'Name':'s','TaskTemplate':{}}"))).isEmpty();
  }
}
