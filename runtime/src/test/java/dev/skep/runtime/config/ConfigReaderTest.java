package dev.skep.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.runtime.kafka.KafkaConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigReaderTest {
  @TempDir Path dir;

  @Test
  void everyProblemIsReportedAtOnceWithWhatToDo() {
    ConfigReader reader =
        new ConfigReader(
            Map.of(
                "PORT", "70000",
                "WAIT", "soon",
                "URL", "not a uri",
                "FLAG", "maybe",
                "TOKEN_FILE", "/nowhere/token"));
    reader.integer("PORT", 80, 1, 65_535);
    reader.duration("WAIT", Duration.ofSeconds(1));
    reader.uri("URL", null);
    reader.flag("FLAG", false);
    reader.secret("TOKEN");
    reader.required("NAME");

    assertThatThrownBy(reader::check)
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.problems())
                    .satisfiesExactly(
                        p -> assertThat(p).contains("PORT is '70000'", "from 1 to 65535"),
                        p -> assertThat(p).contains("WAIT is 'soon'", "such as 10s"),
                        p -> assertThat(p).contains("URL is 'not a uri'", "absolute URI"),
                        p -> assertThat(p).contains("FLAG is 'maybe'", "true or false"),
                        p -> assertThat(p).contains("TOKEN_FILE names /nowhere/token"),
                        p -> assertThat(p).contains("NAME is not set", "NAME_FILE")))
        .extracting(Throwable::getMessage, InstanceOfAssertFactories.STRING)
        .contains("PORT", "WAIT", "URL", "FLAG", "TOKEN_FILE", "NAME");
  }

  @Test
  void aSecretComesFromTheFileThatIsNamed() throws IOException {
    Path file = Files.writeString(dir.resolve("token"), "s3cret\n");
    ConfigReader reader = new ConfigReader(Map.of("TOKEN_FILE", file.toString()));

    Secret token = reader.secret("TOKEN");

    reader.check();
    assertThat(token.reveal()).isEqualTo("s3cret");
  }

  @Test
  void bothAValueAndAFileIsAnError() throws IOException {
    Path file = Files.writeString(dir.resolve("token"), "one");
    ConfigReader reader = new ConfigReader(Map.of("TOKEN", "two", "TOKEN_FILE", file.toString()));
    reader.secret("TOKEN");

    assertThatThrownBy(reader::check).hasMessageContaining("both set");
  }

  @Test
  void secretsAreNowhereInWhatIsLogged() {
    ConfigReader reader = new ConfigReader(Map.of("TOKEN", "s3cret", "HOST", "edge-1"));

    Secret token = reader.secret("TOKEN");
    reader.optional("HOST", "none");
    reader.optionalSecret("OTHER");

    assertThat(reader.effective().toString() + token)
        .doesNotContain("s3cret")
        .contains("HOST=edge-1", "TOKEN=(secret)", "OTHER=(none)");
  }

  @Test
  void anEmptyVariableCountsAsAbsent() {
    ConfigReader reader = new ConfigReader(Map.of("HOST", ""));

    String host = reader.optional("HOST", "fallback");

    assertThat(host).isEqualTo("fallback");
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "10s,10000", "5m,300000", "2h,7200000", "1d,86400000"})
  void durationsHaveAUnit(String text, long millis) {
    Duration read = new ConfigReader(Map.of("WAIT", text)).duration("WAIT", Duration.ofSeconds(1));

    assertThat(read).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void defaultsApplyAndAreNoProblem() {
    ConfigReader reader = new ConfigReader(Map.of());

    int port = reader.integer("PORT", 8420, 1, 65_535);
    URI uri = reader.uri("URL", "unix:///var/run/docker.sock");

    assertThatCode(reader::check).doesNotThrowAnyException();
    assertThat(port).isEqualTo(8420);
    assertThat(uri).hasScheme("unix");
    assertThat(reader.effective())
        .containsExactly(
            Map.entry("PORT", "8420"), Map.entry("URL", "unix:///var/run/docker.sock"));
  }

  @Test
  void kafkaSettingsPassThroughWithoutShowingTheirValues() throws IOException {
    Path file = Files.writeString(dir.resolve("jaas"), "password=s3cret");
    ConfigReader reader =
        new ConfigReader(
            Map.of(
                "SKEP_KAFKA_BOOTSTRAP", "kafka:9092",
                "SKEP_KAFKA_SECURITY_PROTOCOL", "SASL_SSL",
                "SKEP_KAFKA_SASL_JAAS_CONFIG_FILE", file.toString()));

    KafkaConfig kafka = KafkaConfig.from(reader);

    reader.check();
    assertThat(kafka.bootstrapServers()).isEqualTo("kafka:9092");
    assertThat(kafka.properties())
        .isEqualTo(Map.of("security.protocol", "SASL_SSL", "sasl.jaas.config", "password=s3cret"));
    assertThat(kafka.toString() + reader.effective()).doesNotContain("s3cret");
  }
}
