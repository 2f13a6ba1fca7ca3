package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Push;
import dev.skep.deployer.image.policy.Watched;
import dev.skep.deployer.image.remote.RegistryClient;
import dev.skep.engine.EngineClient;
import dev.skep.runtime.reconcile.KeyedReconciler;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps services at what their registries have, by the label {@value
 * dev.skep.deployer.image.policy.ImagePolicy#LABEL}. Two loops: one asks registries, by image; one
 * decides, by stack. A push that is told of is no more than a hint to ask now.
 */
public final class ImageFollower implements AutoCloseable {
  /** The path of notifications, which shows a secret of its own. */
  public static final String HOOK = "/hooks/registry";

  private static final Logger log = LoggerFactory.getLogger(ImageFollower.class);

  /** A registry that does not answer holds a call to the Engine for a minute. */
  private static final int ASKED_AT_A_TIME = 16;

  private static final Duration RESYNC = Duration.ofMinutes(1);

  private final ImageConfig config;
  private final Clock clock;
  private final FollowIndex index = new FollowIndex();
  private final Expectations expectations = new Expectations();
  private final RegistryClient registries;
  private final RollReconciler roll;
  private final KeyedReconciler<Watched> asking;
  private final KeyedReconciler<String> rolling;
  private final Strays strays;

  private ImageFollower(
      ImageConfig config, ImageGate gate, EngineClient engine, Clock clock, Duration life) {
    this.config = config;
    this.clock = clock;
    this.registries = new RegistryClient(config.insecure(), config.tls(), clock);
    Answers answers = new Answers();
    AskReconciler ask =
        new AskReconciler(
            index,
            answers,
            expectations,
            gate,
            engine,
            registries,
            this::changed,
            config.poll(),
            clock);
    this.roll =
        new RollReconciler(index, answers, gate, new RollCommands(gate, clock, life), this::ask);
    this.asking =
        KeyedReconciler.<Watched>named("images", ask::reconcile)
            .parallelism(ASKED_AT_A_TIME)
            .clock(clock)
            .start();
    this.rolling =
        KeyedReconciler.<String>named("image-rolls", roll::reconcile)
            .resync(RESYNC, () -> union(gate.stacks(), index.stacks()))
            .clock(clock)
            .start();
    this.strays = new Strays(gate, engine, clock);
  }

  /**
   * Begins.
   *
   * @param life how long a command may wait to be taken up
   */
  public static ImageFollower open(
      ImageConfig config, ImageGate gate, EngineClient engine, Clock clock, Duration life) {
    return new ImageFollower(config, gate, engine, clock, life);
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> all = new LinkedHashSet<>(a);
    all.addAll(b);
    return all;
  }

  /** A stack has another revision, or its deployment has ended: it is looked at now. */
  public void changed(String stack, String trigger) {
    rolling.mark(stack, trigger);
  }

  private void ask(Watched watched, String trigger) {
    asking.mark(watched, trigger);
  }

  /**
   * Registries are asked for what was pushed, where a service follows it.
   *
   * @return how many images are asked for
   */
  int pushed(List<Push> pushes) {
    Set<Watched> hints = new LinkedHashSet<>();
    for (Push push : pushes) {
      List<Watched> possible = push.hints(config.aliases());
      List<Watched> followed = possible.stream().filter(w -> !index.users(w).isEmpty()).toList();
      followed.forEach(w -> expectations.expect(w, push.tag(), push.digest()));
      hints.addAll(followed);
      if (followed.isEmpty() && possible.stream().anyMatch(index::elsewhere)) {
        log.atWarn()
            .addKeyValue("host", push.host())
            .addKeyValue("repository", push.path())
            .log(
                "A push was told of a registry that images name otherwise; set SKEP_REGISTRY_ALIASES");
      }
    }
    hints.forEach(w -> ask(w, "push"));
    return hints.size();
  }

  /** How all services that follow their images stand. */
  List<ImageStatus> statuses() {
    return roll.statuses();
  }

  /** Services with the label that belong to no stack of the deployer. */
  Set<String> strays() {
    return strays.names();
  }

  /** Paths that need no token. */
  public static Set<String> publicPaths(ImageConfig config) {
    return config.hookSecret().isEmpty() ? Set.of() : Set.of(HOOK);
  }

  /** Adds the endpoints. */
  public void mount(Router router) {
    new ImagesApi(this, config.hookSecret(), clock).mount(router);
  }

  @Override
  public void close() {
    strays.close();
    asking.close();
    rolling.close();
    registries.close();
  }
}
