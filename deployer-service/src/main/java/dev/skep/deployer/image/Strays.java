package dev.skep.deployer.image;

import dev.skep.deployer.convert.Namespace;
import dev.skep.deployer.image.policy.ImagePolicy;
import dev.skep.engine.EngineClient;
import dev.skep.engine.Filters;
import dev.skep.runtime.reconcile.KeyedReconciler;
import dev.skep.runtime.reconcile.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time for services with the label that are of no stack of the deployer: nobody
 * follows their images, which is told once.
 */
final class Strays implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Strays.class);
  private static final Duration EVERY = Duration.ofMinutes(5);
  private static final Duration NOT_READY = Duration.ofSeconds(1);

  private final ImageGate gate;
  private final EngineClient engine;
  private final KeyedReconciler<String> looking;
  private volatile Set<String> names = Set.of();

  Strays(ImageGate gate, EngineClient engine, Clock clock) {
    this.gate = gate;
    this.engine = engine;
    this.looking =
        KeyedReconciler.<String>named("image-strays", (key, run) -> look()).clock(clock).start();
    looking.mark("services", "start");
  }

  Set<String> names() {
    return names;
  }

  private Outcome look() {
    if (!gate.ready()) {
      return Outcome.retryAfter(NOT_READY);
    }
    Set<String> stacks = gate.stacks();
    Set<String> found = new TreeSet<>();
    engine
        .services(false, Filters.of("label", ImagePolicy.LABEL))
        .forEach(
            service -> {
              String stack = service.at("/Spec/Labels").path(Namespace.LABEL).asText();
              String label = service.at("/Spec/Labels").path(ImagePolicy.LABEL).asText();
              if (!stacks.contains(stack) && !label.equals("none")) {
                found.add(service.at("/Spec/Name").asText());
              }
            });
    found.stream()
        .filter(s -> !names.contains(s))
        .forEach(
            s ->
                log.atWarn()
                    .addKeyValue("service", s)
                    .log(
                        "A service's image is not followed: it is of no stack that the deployer has; deploy it by skep stack deploy"));
    names = Set.copyOf(found);
    return Outcome.retryAfter(EVERY);
  }

  @Override
  public void close() {
    looking.close();
  }
}
