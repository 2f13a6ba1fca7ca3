package dev.skep.cli.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.cli.CliException;
import dev.skep.model.Json;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.StoreCopy;
import dev.skep.runtime.kafka.StoredRecord;
import dev.skep.runtime.kafka.TopicAdmin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The state in a file: gzip'd lines of JSON. The first names the format; then one line a record,
 * the newest of each key of each compacted topic; the last is the manifest, with counts and a
 * SHA-256 of all lines before it, so that a file that was cut or altered is found out.
 *
 * @param time when it was made, ISO 8601
 * @param counts of records by topic
 * @param sha256 of the lines before the manifest, in hexadecimal digits
 */
record ExportFile(String time, Map<String, Long> counts, String sha256) {
  private static final int FORMAT = 1;
  private static final String KIND = "skep-export";

  ExportFile {
    counts = Map.copyOf(counts);
  }

  /** The names of the topics whose state is exported. */
  static List<String> topics() {
    return Topics.all().stream().filter(TopicSpec::compacted).map(TopicSpec::name).toList();
  }

  /** Whether there is nothing in it that could not be read from the cluster as well. */
  boolean holdsNothing() {
    return Topics.all().stream()
        .filter(TopicSpec::flushEach)
        .allMatch(t -> counts.getOrDefault(t.name(), 0L) == 0);
  }

  /** For people: how many records of which topics. */
  String summary() {
    return new TreeMap<>(counts)
        .entrySet().stream()
            .map(e -> "  %-20s %6d".formatted(e.getKey(), e.getValue()))
            .collect(Collectors.joining("\n"));
  }

  /**
   * Reads the store and writes it out.
   *
   * @param out is finished, but not closed
   * @throws dev.skep.runtime.kafka.PublishException if the broker does not answer
   */
  static ExportFile write(KafkaConfig kafka, OutputStream out, Clock clock) throws IOException {
    GZIPOutputStream gzip = new GZIPOutputStream(out);
    MessageDigest digest = newDigest();
    Map<String, String> ids = TopicAdmin.topicIds(kafka, topics());
    String time = clock.instant().toString();
    ObjectNode head = Json.mapper().createObjectNode();
    head.put("kind", KIND).put("format", FORMAT).put("time", time);
    line(gzip, digest, head);
    Map<String, Long> counts = new TreeMap<>();
    StoreCopy copy = new StoreCopy(kafka);
    for (String topic : ids.keySet()) {
      counts.put(topic, 0L);
      copy.read(
          topic,
          record -> {
            counts.merge(topic, 1L, Long::sum);
            try {
              line(gzip, digest, Json.mapper().valueToTree(record));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
    String hash = HexFormat.of().formatHex(digest.digest());
    ObjectNode tail = Json.mapper().createObjectNode();
    ObjectNode manifest = tail.putObject("manifest");
    manifest.put("format", FORMAT).put("time", time).put("sha256", hash);
    ObjectNode all = manifest.putObject("topics");
    counts.forEach(
        (topic, count) -> all.putObject(topic).put("id", ids.get(topic)).put("records", count));
    gzip.write((tail + "\n").getBytes(StandardCharsets.UTF_8));
    gzip.finish();
    return new ExportFile(time, counts, hash);
  }

  /**
   * Reads a whole file and holds it against its manifest.
   *
   * @param each gets every record, before it is known whether the file is whole
   * @throws CliException if it is no export, or not as it was written
   */
  static ExportFile read(Path file, Consumer<StoredRecord> each) {
    MessageDigest digest = newDigest();
    Map<String, Long> counts = new HashMap<>();
    Set<String> known = Set.copyOf(topics());
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      String first = lines.readLine();
      JsonNode head = Json.mapper().readTree(first == null ? "" : first);
      if (!head.path("kind").asText().equals(KIND)) {
        throw new CliException(file + " is no export of Skep");
      }
      if (head.path("format").asInt() != FORMAT) {
        throw new CliException(
            "%s has format %s; this version reads %d"
                .formatted(file, head.path("format").asText(), FORMAT));
      }
      add(digest, first);
      for (String text = lines.readLine(); text != null; text = lines.readLine()) {
        JsonNode tree = Json.mapper().readTree(text);
        if (tree.has("manifest")) {
          return verified(file, tree.path("manifest"), counts, digest);
        }
        add(digest, text);
        StoredRecord record = Json.mapper().treeToValue(tree, StoredRecord.class);
        if (!known.contains(record.topic())) {
          throw new CliException(
              file
                  + " has records of topic "
                  + record.topic()
                  + ", which this version does not know");
        }
        counts.merge(record.topic(), 1L, Long::sum);
        each.accept(record);
      }
    } catch (IOException e) {
      throw new CliException(file + " cannot be read as an export, or is cut: " + e.getMessage());
    }
    throw new CliException(file + " is cut: its manifest is missing. Take another copy");
  }

  private static ExportFile verified(
      Path file, JsonNode manifest, Map<String, Long> counts, MessageDigest digest) {
    Map<String, Long> said = new TreeMap<>();
    manifest
        .path("topics")
        .properties()
        .forEach(t -> said.put(t.getKey(), t.getValue().path("records").asLong()));
    Map<String, Long> found = new TreeMap<>(said);
    found.replaceAll((topic, _) -> counts.getOrDefault(topic, 0L));
    String hash = HexFormat.of().formatHex(digest.digest());
    if (!hash.equals(manifest.path("sha256").asText()) || !found.equals(said)) {
      throw new CliException(file + " is not as it was written: take another copy");
    }
    return new ExportFile(manifest.path("time").asText(), said, hash);
  }

  private static void line(OutputStream out, MessageDigest digest, JsonNode tree)
      throws IOException {
    String text = tree.toString();
    add(digest, text);
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static void add(MessageDigest digest, String line) {
    digest.update((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
