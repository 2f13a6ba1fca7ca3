package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.life.Logging;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;

/**
 * The store that a command works on: the cluster's, from inside; else this machine's, whose broker
 * is started for the command if the suite does not run.
 *
 * @param kafka how it is reached
 * @param own what ends with the command; empty: nothing was started for it
 */
record Store(KafkaConfig kafka, Optional<Closing> own) implements AutoCloseable {
  /** Ends the broker that was started for a command. */
  interface Closing {
    void close();
  }

  /** Whether this process runs inside the cluster. */
  static boolean inside(Map<String, String> env) {
    return "true".equals(env.get(InCluster.FLAG));
  }

  /** Whether this machine has a store of its own. */
  static boolean isLocal(StateDir state) {
    return state.current().isPresent() || Files.isDirectory(state.kafka());
  }

  /** The cluster's, as this process's environment names it. */
  static Store ofCluster(Map<String, String> env) {
    quiet(env);
    ConfigReader reader = new ConfigReader(env);
    KafkaConfig kafka = KafkaConfig.from(reader);
    try {
      reader.check();
    } catch (ConfigException e) {
      throw new CliException(e.getMessage(), 2);
    }
    return new Store(kafka, Optional.empty());
  }

  static void quiet(Map<String, String> env) {
    Logging.configure(env.getOrDefault("SKEP_LOG_LEVEL", "error"));
  }

  @Override
  public void close() {
    own.ifPresent(Closing::close);
  }
}
