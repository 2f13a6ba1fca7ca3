package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.CliException;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.StoreCopy;
import dev.skep.runtime.kafka.StoredRecord;
import dev.skep.runtime.kafka.StoredRecord.Header;
import dev.skep.runtime.kafka.TopicAdmin;
import dev.skep.testing.SecuredBroker;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** State goes from one broker to another as it is. */
class ExportImportIT {
  private static final long SEED = 20261121;
  private static final String STACKS = Topics.STACKS.name();
  private static final String TASKS = Topics.TASKS.name();

  @TempDir Path temp;

  @Test
  void anEmptyBrokerHoldsAfterwardsWhatTheFirstOneHeldRecordByRecord() throws Exception {
    Path file = temp.resolve("export.gz");
    Map<String, List<StoredRecord>> before;
    try (SecuredBroker first = SecuredBroker.start(temp.resolve("first"))) {
      KafkaConfig admin = ready(first);
      fill(admin);
      before = contents(admin);
      export(admin, file);
    }
    assertThat(before.get(STACKS)).hasSize(40);
    assertThat(before.get(TASKS)).extracting(StoredRecord::key).doesNotContain("gone");

    try (SecuredBroker second = SecuredBroker.start(temp.resolve("second"))) {
      KafkaConfig admin = ready(second);
      List<String> told = new ArrayList<>();

      ExportFile imported = new StoreImport(admin, told::add).run(file, false);

      assertThat(contents(admin)).isEqualTo(before);
      assertThat(imported.counts()).containsEntry(STACKS, 40L);
      assertThat(told).isEmpty();
    }
  }

  @Test
  void aStoreThatHoldsStateIsOverwrittenOnlyIfAsked() throws Exception {
    Path file = temp.resolve("export.gz");
    try (SecuredBroker broker = SecuredBroker.start(temp.resolve("broker"))) {
      KafkaConfig admin = ready(broker);
      put(admin, record(STACKS, "web", "1"));
      export(admin, file);
      put(admin, record(STACKS, "web", "2"), record(STACKS, "later", "1"));
      Map<String, List<StoredRecord>> before = contents(admin);

      assertThatThrownBy(() -> new StoreImport(admin, _ -> {}).run(file, false))
          .isInstanceOf(CliException.class)
          .hasMessageContaining("--force")
          .hasMessageContaining("1 replaced, 1 deleted");
      assertThat(contents(admin)).isEqualTo(before);

      List<String> told = new ArrayList<>();
      new StoreImport(admin, told::add).run(file, true);

      assertThat(contents(admin).get(STACKS)).containsExactly(record(STACKS, "web", "1"));
      assertThat(told).singleElement().asString().contains("1 replaced, 1 deleted");
    }
  }

  @Test
  void aFileThatWasCutOrAlteredIsFoundOutBeforeAnythingIsWritten() throws Exception {
    Path file = temp.resolve("export.gz");
    try (EmbeddedKafka broker = EmbeddedKafka.start(temp.resolve("kafka"), 0)) {
      KafkaConfig kafka = KafkaConfig.of(broker.bootstrapServers());
      TopicAdmin.ensure(kafka, Topics.all());
      put(kafka, record(STACKS, "web", "1"), record(TASKS, "t", "1"));
      export(kafka, file);
    }
    String lines =
        new String(
            new java.util.zip.GZIPInputStream(Files.newInputStream(file)).readAllBytes(),
            StandardCharsets.UTF_8);

    assertRefused(lines.substring(0, lines.lastIndexOf("{\"manifest\"")), "is cut");
    assertRefused(lines.replace("\"key\":\"web\"", "\"key\":\"wob\""), "not as it was written");
    assertRefused(lines.replaceFirst("\\{\"topic\":\"skep.tasks\"[^\n]*\n", ""), "not as it was");
    assertRefused(lines.replace("\"format\":1", "\"format\":9"), "format 9");
    assertRefused("{}\n", "no export");
    Path half = temp.resolve("half.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(half, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> ExportFile.read(half, _ -> {})).hasMessageContaining("is cut");
  }

  @Test
  void theCommandsWorkOnThisMachinesStoreWhileTheSuiteIsStopped() throws Exception {
    Path first = local("first", record(STACKS, "web", "1"), record(TASKS, "t", "1"));
    Path second = local("second");
    Path file = temp.resolve("state.gz");

    assertThat(run("export", "--state-dir", first.toString(), file.toString())).isZero();
    assertThat(run("import", "--state-dir", second.toString(), file.toString())).isZero();
    assertThat(run("import", "--state-dir", second.toString(), file.toString())).isEqualTo(1);

    try (EmbeddedKafka broker = EmbeddedKafka.start(second.resolve("kafka"), 0)) {
      KafkaConfig kafka = KafkaConfig.of(broker.bootstrapServers());
      assertThat(contents(kafka).get(STACKS)).containsExactly(record(STACKS, "web", "1"));
      assertThat(contents(kafka).get(TASKS)).containsExactly(record(TASKS, "t", "1"));
    }
  }

  private static int run(String name, String... args) {
    Object command = name.equals("export") ? new ExportCommand() : new ImportCommand();
    return new CommandLine(command).execute(args);
  }

  private Path local(String name, StoredRecord... records) throws Exception {
    Path state = temp.resolve(name);
    try (EmbeddedKafka broker = EmbeddedKafka.start(state.resolve("kafka"), 0)) {
      KafkaConfig kafka = KafkaConfig.of(broker.bootstrapServers());
      TopicAdmin.ensure(kafka, Topics.all());
      put(kafka, records);
    }
    return state;
  }

  private void assertRefused(String lines, String reason) throws IOException {
    Path file = temp.resolve("altered.gz");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream gzip = new java.util.zip.GZIPOutputStream(bytes)) {
      gzip.write(lines.getBytes(StandardCharsets.UTF_8));
    }
    Files.write(file, bytes.toByteArray());
    assertThatThrownBy(() -> ExportFile.read(file, _ -> {}))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(reason);
  }

  private static KafkaConfig ready(SecuredBroker broker) throws Exception {
    KafkaConfig admin = new KafkaConfig(broker.bootstrapServers(), broker.client("admin"));
    new KafkaInit(admin, new PrintStream(OutputStream.nullOutputStream()), Duration.ofSeconds(60))
        .run(true);
    return admin;
  }

  /** Old versions, deletions, a transaction that was broken off, binary values and headers. */
  private static void fill(KafkaConfig kafka) throws IOException {
    Random random = new Random(SEED);
    for (int version = 0; version < 3; version++) {
      List<StoredRecord> records = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        byte[] value = new byte[random.nextInt(5000)];
        random.nextBytes(value);
        records.add(
            new StoredRecord(
                i % 2 == 0 ? STACKS : TASKS,
                "kéy/" + i,
                Base64.getEncoder().encodeToString(value),
                List.of(new Header("ce_id", encoded("x" + i)), new Header("empty", null))));
      }
      records.replaceAll(r -> new StoredRecord(STACKS, r.key(), r.value(), r.headers()));
      put(kafka, records.toArray(StoredRecord[]::new));
    }
    put(kafka, record(TASKS, "gone", "1"), record(TASKS, "stays", "1"));
    put(kafka, new StoredRecord(TASKS, "gone", null, List.of()));
    assertThatThrownBy(
            () ->
                new StoreCopy(kafka)
                    .write(
                        sink -> {
                          sink.put(record(TASKS, "broken-off", "1"));
                          throw new IOException("broken off");
                        }))
        .hasMessage("broken off");
  }

  private static void put(KafkaConfig kafka, StoredRecord... records) throws IOException {
    new StoreCopy(kafka).write(sink -> List.of(records).forEach(sink::put));
  }

  private static void export(KafkaConfig kafka, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      ExportFile.write(kafka, out, Clock.systemUTC());
    }
  }

  private static Map<String, List<StoredRecord>> contents(KafkaConfig kafka) {
    Map<String, List<StoredRecord>> contents = new TreeMap<>();
    for (String topic : ExportFile.topics()) {
      List<StoredRecord> records = new ArrayList<>();
      new StoreCopy(kafka).read(topic, records::add);
      contents.put(topic, records);
    }
    return contents;
  }

  private static StoredRecord record(String topic, String key, String value) {
    return new StoredRecord(topic, key, encoded(value), List.of());
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
