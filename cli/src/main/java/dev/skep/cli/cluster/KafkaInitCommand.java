package dev.skep.cli.cluster;

import dev.skep.cli.CliException;
import dev.skep.cli.DurationOption;
import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import dev.skep.runtime.kafka.KafkaConfig;
import dev.skep.runtime.life.Logging;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the topics and the access rules on a broker, from the topic table. */
@Command(
    name = "kafka-init",
    mixinStandardHelpOptions = true,
    description = {
      "Make topics and access rules on a Kafka cluster.",
      "Brings them to what Skep's topic table says: again, it changes nothing. The broker is the",
      "one that SKEP_KAFKA_BOOTSTRAP names, reached with the other SKEP_KAFKA_* settings; the",
      "certificate must be one of its super.users."
    })
public final class KafkaInitCommand implements Callable<Integer> {
  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "5m",
      converter = DurationOption.class,
      description = "how long to wait for the broker (default: ${DEFAULT-VALUE})")
  private Duration timeout;

  @Option(
      names = "--topics-only",
      description = "leave access rules alone: for a cluster whose rules someone else makes")
  private boolean topicsOnly;

  @Option(names = "--list", description = "change nothing: print every right that anyone has")
  private boolean list;

  @Override
  public Integer call() throws Exception {
    Logging.configure(System.getenv().getOrDefault("SKEP_LOG_LEVEL", "error"));
    ConfigReader env = new ConfigReader(System.getenv());
    KafkaConfig kafka = KafkaConfig.from(env);
    try {
      env.check();
    } catch (ConfigException e) {
      throw new CliException(e.getMessage(), 2);
    }
    KafkaInit init = new KafkaInit(kafka, System.out, timeout);
    if (list) {
      init.list();
    } else {
      init.run(!topicsOnly);
    }
    return 0;
  }
}
