package dev.skep.deployer.apply;

import dev.skep.deployer.gate.Standing;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The program of a process whose heap is bounded: some stacks are watched at one time. */
final class WatchOfMany {
  private WatchOfMany() {}

  /** Takes the Engine's address and the number of stacks; prints a standing of each service. */
  public static void main(String[] args) {
    EngineConfig config = new EngineConfig(URI.create(args[0]), Duration.ofMinutes(2));
    try (EngineClient engine = EngineClient.connect(config)) {
      List<Watch.Reading> held = new ArrayList<>();
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        Watch watch = new Watch(engine, "big");
        watch.forgetFailures();
        held.add(watch.read().orElseThrow());
      }
      for (Watch.Reading reading : held) {
        reading.services().keySet().stream()
            .sorted()
            .map(name -> reading.standing(name).map(Standing::words).orElse("gone"))
            .forEach(System.out::println);
      }
    }
  }
}
