package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.model.topic.TopicSpec;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.kafka.StoreCopy;
import dev.skep.runtime.kafka.StoredRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Makes a store hold what an export holds, and nothing else: keys that the export does not have are
 * deleted. All of it in one transaction.
 */
final class StoreImport {
  private final KafkaConfig kafka;
  private final Consumer<String> tell;

  StoreImport(KafkaConfig kafka, Consumer<String> tell) {
    this.kafka = kafka;
    this.tell = tell;
  }

  /**
   * Imports a file into a store whose topics are there.
   *
   * @param force whether a store that holds state may be overwritten
   * @throws CliException if the file is not whole, or the store holds state
   */
  ExportFile run(Path file, boolean force) throws IOException {
    Map<String, Set<String>> wanted = new HashMap<>();
    ExportFile export =
        ExportFile.read(
            file, r -> wanted.computeIfAbsent(r.topic(), _ -> new HashSet<>()).add(r.key()));
    StoreCopy store = new StoreCopy(kafka);
    Map<String, SortedSet<String>> there = new TreeMap<>();
    ExportFile.topics().stream()
        .filter(StoreImport::isState)
        .forEach(t -> there.put(t, store.keys(t)));
    String overwritten = overwritten(there, wanted);
    if (!irreplaceable(there).isEmpty() && !force) {
      throw new CliException("the store is not empty; --force would overwrite:\n" + overwritten);
    }
    if (!overwritten.isEmpty()) {
      tell.accept("overwriting:\n" + overwritten);
    }
    store.write(
        sink -> {
          there.forEach(
              (topic, keys) ->
                  keys.stream()
                      .filter(key -> !wanted.getOrDefault(topic, Set.of()).contains(key))
                      .forEach(key -> sink.put(new StoredRecord(topic, key, null, List.of()))));
          try {
            ExportFile.read(
                file,
                r -> {
                  if (isState(r.topic())) {
                    sink.put(r);
                  }
                });
          } catch (CliException e) {
            // It was whole a moment ago.
            throw new IOException(e.getMessage(), e);
          } catch (UncheckedIOException e) {
            throw e.getCause();
          }
        });
    return export;
  }

  /** What edges say of themselves is as they say it now: that they refuse this store, for one. */
  private static boolean isState(String topic) {
    return !topic.equals(Topics.EDGE_STATUS.name());
  }

  /** What is there that nobody could read again from the cluster. */
  private static List<String> irreplaceable(Map<String, SortedSet<String>> there) {
    return Topics.all().stream()
        .filter(TopicSpec::flushEach)
        .map(TopicSpec::name)
        .filter(t -> !there.getOrDefault(t, new java.util.TreeSet<>()).isEmpty())
        .toList();
  }

  private static String overwritten(
      Map<String, SortedSet<String>> there, Map<String, Set<String>> wanted) {
    StringBuilder lines = new StringBuilder();
    there.forEach(
        (topic, keys) -> {
          if (keys.isEmpty()) {
            return;
          }
          long replaced =
              keys.stream().filter(wanted.getOrDefault(topic, Set.of())::contains).count();
          lines.append(
              "  %-20s %d replaced, %d deleted%n"
                  .formatted(topic, replaced, keys.size() - replaced));
        });
    return lines.toString().stripTrailing();
  }
}
