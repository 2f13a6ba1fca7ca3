package dev.skep.cli;

import dev.skep.runtime.config.ConfigException;
import dev.skep.runtime.config.ConfigReader;
import java.time.Duration;
import java.util.Map;
import picocli.CommandLine;

/**
 * A length of time as an option's value, written as in the environment: {@code 30s}, {@code 5m}.
 */
public final class DurationOption implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    ConfigReader reader = new ConfigReader(Map.of("it", value));
    Duration duration = reader.duration("it", Duration.ZERO);
    try {
      reader.check();
      return duration;
    } catch (ConfigException e) {
      throw new CommandLine.TypeConversionException(e.problems().getFirst());
    }
  }
}
