package dev.skep.deployer.image;

import dev.skep.deployer.apply.Distribution;
import dev.skep.deployer.image.policy.Choice;
import dev.skep.deployer.image.policy.Followed;
import dev.skep.deployer.image.policy.ImageReference;
import dev.skep.deployer.image.policy.PastImages;
import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.image.policy.VersionTags;
import dev.skep.deployer.image.policy.Watched;
import dev.skep.deployer.image.remote.RegistryClient;
import dev.skep.deployer.image.remote.RegistryException;
import dev.skep.deployer.plan.ImagePins.Pin;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineException;
import dev.skep.engine.RegistryAuth;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Reconciliation;
import dev.skep.runtime.reconcile.RetryPolicy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Asks for one image what its registry has, for all services that follow it:
 *
 * <ol>
 *   <li>not while the registry wants to be left alone
 *   <li>once for each credentials with which it is followed
 *   <li>what a tag points to by the Engine, the list of tags by the registry's own protocol; of the
 *       list only what newer versions point to is asked for further
 *   <li>the stacks that use it decide for themselves
 *   <li>soon again, if a push was told of and is not to be seen yet
 * </ol>
 */
final class AskReconciler {
  private static final Logger log = LoggerFactory.getLogger(AskReconciler.class);
  private static final double JITTER = 0.1;

  /** The Engine does not pass on how long a registry wants to be left alone. */
  private static final Duration TOO_MANY = Duration.ofMinutes(15);

  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);

  private final FollowIndex index;
  private final Answers answers;
  private final Expectations expectations;
  private final ImageGate gate;
  private final EngineClient engine;
  private final RegistryClient registries;
  private final BiConsumer<String, String> mark;
  private final Duration poll;
  private final RetryPolicy retry;
  private final Clock clock;

  /** Registry to when it may be asked again. */
  private final Map<String, Instant> quiet = new ConcurrentHashMap<>();

  /**
   * @param mark tells a stack, and why, that something is known of an image that it uses
   */
  AskReconciler(
      FollowIndex index,
      Answers answers,
      Expectations expectations,
      ImageGate gate,
      EngineClient engine,
      RegistryClient registries,
      BiConsumer<String, String> mark,
      Duration poll,
      Clock clock) {
    this.index = index;
    this.answers = answers;
    this.expectations = expectations;
    this.gate = gate;
    this.engine = engine;
    this.registries = registries;
    this.mark = mark;
    this.poll = poll;
    Duration first = poll.compareTo(FIRST_RETRY) < 0 ? poll : FIRST_RETRY;
    this.retry = new RetryPolicy(first, 2, poll, 0.3);
    this.clock = clock;
  }

  Outcome reconcile(Watched watched, Reconciliation run) throws InterruptedException {
    Map<String, List<Followed>> byAuth =
        index.users(watched).stream().collect(Collectors.groupingBy(Followed::auth));
    answers.keepOnly(watched, byAuth.keySet());
    if (byAuth.isEmpty()) {
      return Outcome.done();
    }
    Instant until = quiet.getOrDefault(watched.registry(), Instant.MIN);
    if (clock.instant().isBefore(until)) {
      return Outcome.retryAfter(jittered(Duration.between(clock.instant(), until)));
    }
    quiet.remove(watched.registry(), until);
    int failures = 0;
    for (Map.Entry<String, List<Followed>> group : byAuth.entrySet()) {
      failures = Math.max(failures, ask(watched, group.getKey(), group.getValue(), run));
    }
    byAuth.values().stream()
        .flatMap(List::stream)
        .map(Followed::stack)
        .distinct()
        .forEach(stack -> mark.accept(stack, "image"));
    Duration later =
        failures == 0 ? jittered(poll) : retry.delay(failures, ThreadLocalRandom.current());
    List<Told> told = byAuth.keySet().stream().map(a -> answers.get(watched, a)).toList();
    return Outcome.retryAfter(expectations.again(watched, told).orElse(later));
  }

  private static Duration jittered(Duration wait) {
    double factor = 1 + JITTER * (2 * ThreadLocalRandom.current().nextDouble() - 1);
    return Duration.ofMillis(Math.max(1, Math.round(wait.toMillis() * factor)));
  }

  /** How often in a row this has failed. */
  private int ask(Watched watched, String auth, List<Followed> users, Reconciliation run)
      throws InterruptedException {
    try {
      Told told = watched.list() ? list(watched, auth, users) : tag(watched, auth, users);
      answers.change(watched, auth, old -> told);
      return 0;
    } catch (RegistryException e) {
      e.retryAfter().ifPresent(wait -> leaveAlone(watched, wait));
      return failed(watched, auth, e.getMessage(), run);
    } catch (EngineException e) {
      if (tooMany(e)) {
        leaveAlone(watched, TOO_MANY);
      }
      return failed(watched, auth, e.reason(), run);
    }
  }

  private static boolean tooMany(EngineException e) {
    String reason = e.reason().toLowerCase(Locale.ROOT);
    return reason.contains("toomanyrequests") || reason.contains("too many requests");
  }

  private void leaveAlone(Watched watched, Duration wait) {
    quiet.merge(watched.registry(), clock.instant().plus(wait), (a, b) -> a.isAfter(b) ? a : b);
  }

  private int failed(Watched watched, String auth, String why, Reconciliation run) {
    Told before = answers.get(watched, auth);
    answers.change(watched, auth, old -> old.failed(why));
    if (!before.error().equals(why)) {
      // Where a push was told of, the registry may not be done with it.
      log.atLevel(expectations.open(watched) ? Level.INFO : Level.WARN)
          .addKeyValue("image", watched)
          .addKeyValue("reason", why)
          .addKeyValue("run", run.id())
          .log("An image that services follow cannot be asked for; it is tried again");
    }
    return before.failures() + 1;
  }

  private Told tag(Watched watched, String auth, List<Followed> users) throws RegistryException {
    ImageReference image = users.getFirst().image();
    return new Told(clock.instant(), List.of(), Map.of(watched.tag(), pin(image, auth)), "", 0);
  }

  private Told list(Watched watched, String auth, List<Followed> users)
      throws RegistryException, InterruptedException {
    List<String> tags = VersionTags.only(registries.tags(watched.registry(), watched.path(), auth));
    Told told = new Told(clock.instant(), tags, Map.of(), "", 0);
    Set<String> wanted = new TreeSet<>();
    for (Followed user : users) {
      Set<String> tried = PastImages.takenBack(user.service(), gate.revisions(user.stack()));
      Choice.candidate(user, told, tried).ifPresent(wanted::add);
    }
    Map<String, Pin> pins = new TreeMap<>();
    for (String tag : wanted) {
      pins.put(tag, pin(users.getFirst().image().withTag(tag), auth));
    }
    return new Told(told.at(), tags, pins, "", 0);
  }

  private Pin pin(ImageReference image, String auth) throws RegistryException {
    RegistryAuth credentials = auth.isEmpty() ? null : RegistryAuth.encoded(auth);
    Optional<Pin> pin = Distribution.pin(engine, image.name(), credentials);
    return pin.orElseThrow(
        () -> new RegistryException("the registry names no digest of " + image.name()));
  }
}
