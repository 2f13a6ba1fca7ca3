package dev.skep.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.skep.deployer.apply.ApplyOptions;
import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.state.StackBody;
import dev.skep.runtime.http.ProblemException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StackRequestTest {
  private static final String OBJECTS =
      """
      {"networks": [], "secrets": [], "configs": [], "services": [
        {"Name": "app_web", "Labels": {"com.docker.stack.namespace": "app"},
         "TaskTemplate": {"ContainerSpec": {"Image": "web:1"}, "Placement": {}}}]}""";

  private static StackBody read(String rest) {
    String body = "{\"objects\": %s%s}".formatted(OBJECTS, rest);
    return StackRequest.read("app", body.getBytes(StandardCharsets.UTF_8));
  }

  private static String refused(String rest) {
    ProblemException refusal = catchThrowableOfType(ProblemException.class, () -> read(rest));
    assertThat(refusal.problem().status()).isEqualTo(400);
    return refusal.getMessage();
  }

  @Test
  void whatIsNotSaidIsAsByDefault() {
    assertThat(read("").options()).isEqualTo(ApplyOptions.defaults());
    assertThat(read(",\"options\": {\"heal\": \"restore\", \"prune\": null}").options())
        .isEqualTo(ApplyOptions.defaults().with(Heal.RESTORE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"rollbackOnFail\": true} | 'rollbackOnFail' is not known",
        "{\"prune\": \"yes\"}         | 'prune' must be true or false",
        "{\"timeoutSeconds\": \"9\"}  | 'timeoutSeconds' must be a whole number",
        "{\"timeoutSeconds\": 1.5}    | 'timeoutSeconds' must be a whole number",
        "{\"heal\": true}             | 'heal' must be a text",
        "{\"heal\": \"restor\"}       | 'restor' is not one of report, restore",
        "{\"registryAuth\": []}       | 'registryAuth' must be an object",
        "{\"registryAuth\": {\"r\": 1}} | the registryAuth of 'r' must be a text",
        "[]                           | 'options' must be an object"
      })
  void anOptionThatCannotBeUnderstoodIsRefusedAndNotLeftOut(String options, String problem) {
    assertThat(refused(",\"options\": " + options)).contains(problem);
  }

  @Test
  void allThatIsMisspeltIsToldAtOnce() {
    assertThat(refused(",\"option\": {}, \"options\": {\"Prune\": true, \"wiat\": false}"))
        .contains("'option' is not known", "option 'Prune'", "option 'wiat'", "known are heal,");
  }

  @Test
  void aListOfObjectsThatIsMisspeltIsRefused() {
    String body = "{\"objects\": %s}".formatted(OBJECTS.replace("networks", "network"));

    assertThat(
            catchThrowableOfType(
                ProblemException.class,
                () -> StackRequest.read("app", body.getBytes(StandardCharsets.UTF_8))))
        .hasMessageContaining("objects' 'network' is not known");
  }

  @Test
  void whoAsksDoesNotDecideWhatOnlyARollbackDecides() {
    assertThat(read(",\"origin\": {\"rollbackOf\": 3, \"leaving\": [\"db\"]}").origin().leaving())
        .isEmpty();
  }
}
