package dev.skep.deployer.plan;

import static dev.skep.deployer.revision.SomeRevisions.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImagePinsTest {
  private static final String A = "@sha256:" + "a".repeat(64);
  private static final String B = "@sha256:" + "b".repeat(64);

  private static ObjectNode spec(String image) {
    return json(
        ("{'Labels':{'com.docker.stack.image':'web'},'TaskTemplate':{'ContainerSpec':{'Image':'%s'},"
                + "'Placement':{}}}")
            .formatted(image));
  }

  @ParameterizedTest(name = "{0} over {1} is {2}")
  @CsvSource({
    // What a registry told when it was deployed stays.
    "web,        web:latest A, web:latest A",
    "web:1,      web:1 A,      web:1 A",
    "web:1,      web:1,        web:1",
    // What somebody has set since does not.
    "web:1,      web:2 A,      web:1",
    "web:1,      other:1,      web:1",
    "web:1 A,    web:1 B,      web:1 A",
    "web:1 A,    web:1,        web:1 A"
  })
  void anImageThatWasSetByOthersIsNotTakenForTheOneThatWasDeployed(
      String wanted, String live, String expected) {
    ObjectNode spec = spec(image(wanted));

    ImagePins.NONE.pin(spec, json("{}").set("Spec", spec(image(live))));

    assertThat(ImagePins.image(spec)).isEqualTo(image(expected));
  }

  private static String image(String text) {
    return text.replace(" A", A).replace(" B", B);
  }
}
