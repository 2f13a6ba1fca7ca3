package dev.skep.cli.cluster;

import dev.skep.broker.EmbeddedKafka;
import dev.skep.cli.CliException;
import dev.skep.cli.StateDir;
import dev.skep.cli.up.UpOptions;
import dev.skep.runtime.kafka.KafkaConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;

/** The store of the suite on this machine. Apart from {@link Store}: its broker is in no image. */
final class LocalStore {
  private LocalStore() {}

  /**
   * Opens it; its broker is started if the suite does not run.
   *
   * @param stopped whether the suite must not run
   */
  static Store open(StateDir state, boolean stopped) {
    Store.quiet(System.getenv());
    UpOptions options = UpOptions.remembered(state);
    boolean running = state.current().isPresent();
    if (running && stopped) {
      throw new CliException("the suite runs here and would write meanwhile: ./skep down first");
    }
    if (options.kafka() != null) {
      return new Store(KafkaConfig.of(options.kafka()), Optional.empty());
    }
    if (running) {
      return new Store(KafkaConfig.of(address(state)), Optional.empty());
    }
    EmbeddedKafka broker = EmbeddedKafka.start(state.kafka(), 0);
    return new Store(KafkaConfig.of(broker.bootstrapServers()), Optional.of(broker::close));
  }

  private static String address(StateDir state) {
    try {
      return Files.readString(state.broker()).strip();
    } catch (IOException e) {
      throw new CliException(
          "the running suite's broker is not known ("
              + state.broker()
              + "): ./skep down, then again");
    }
  }
}
