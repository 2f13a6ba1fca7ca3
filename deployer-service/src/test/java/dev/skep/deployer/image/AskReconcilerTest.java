package dev.skep.deployer.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.image.policy.Followed;
import dev.skep.deployer.image.policy.FollowedServices;
import dev.skep.deployer.image.policy.ImagePolicy;
import dev.skep.deployer.image.policy.ImageReference;
import dev.skep.deployer.image.policy.RolledBody.NewImage;
import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.image.policy.Watched;
import dev.skep.deployer.image.remote.RegistryClient;
import dev.skep.deployer.image.remote.StandInRegistry;
import dev.skep.deployer.image.remote.StandInRegistry.Answer;
import dev.skep.deployer.state.StackBody;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.model.stack.Revision;
import dev.skep.runtime.reconcile.Outcome;
import dev.skep.runtime.reconcile.Outcome.RetryAfter;
import dev.skep.runtime.reconcile.Reconciliation;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over HTTP, with an Engine and registries of which it is known what they are asked. */
class AskReconcilerTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration POLL = Duration.ofMinutes(5);
  private static final String DIGEST = "sha256:" + "a".repeat(64);
  private static final String ASKED = "/v1.41/distribution/r.example/app%3A1/json";
  private static final Watched TAG = new Watched("r.example", "app", "1");
  private static final Reconciliation RUN = new Reconciliation("images-1", "test", 1);

  private final FollowIndex index = new FollowIndex();
  private final Answers answers = new Answers();
  private final Expectations expectations = new Expectations();
  private final List<String> marked = new ArrayList<>();
  private final AtomicReference<Instant> now = new AtomicReference<>(NOW);
  private StandInRegistry engine;
  private EngineClient client;
  private RegistryClient registries;
  private AskReconciler ask;

  @BeforeEach
  void start() throws Exception {
    engine = new StandInRegistry();
    engine.on("/version", Answer.ok("{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.24\"}"));
    client = EngineClient.connect(EngineConfig.of(URI.create("tcp://" + engine.host())));
    InstantSource source = now::get;
    Clock clock = source.withZone(ZoneOffset.UTC);
    registries = new RegistryClient(Set.of(engine.host()), SSLContext.getDefault(), clock);
    ask =
        new AskReconciler(
            index,
            answers,
            expectations,
            new NoRevisions(),
            client,
            registries,
            (stack, why) -> marked.add(stack),
            POLL,
            clock);
  }

  @AfterEach
  void stop() {
    registries.close();
    client.close();
    engine.close();
  }

  @Test
  void theSameImageOfManyServicesIsAskedForOnce() throws Exception {
    follow("a", followed("a_1", "digest", "r.example/app:1", ""));
    follow("b", followed("b_1", "digest", "r.example/app:1", ""));
    follow("c", followed("c_1", "digest", "r.example/other:1", ""));
    engine.on(ASKED, distribution());

    Duration again = after(ask.reconcile(TAG, RUN));

    assertThat(asked()).containsExactly(ASKED);
    assertThat(marked).containsExactlyInAnyOrder("a", "b");
    assertThat(answers.get(TAG, "").pins().get("1").image()).isEqualTo("r.example/app:1@" + DIGEST);
    assertThat(again)
        .isBetween(POLL.multipliedBy(9).dividedBy(10), POLL.multipliedBy(11).dividedBy(10));
  }

  @Test
  void whoMayNotReadItLearnsNothingByAnothersCredentials() throws Exception {
    follow("a", followed("a_1", "digest", "r.example/app:1", "bWF5"));
    follow("b", followed("b_1", "digest", "r.example/app:1", ""));
    engine.on(ASKED + " for bWF5", distribution());
    engine.on(ASKED, new Answer(401, Map.of(), "{\"message\":\"denied\"}"));

    ask.reconcile(TAG, RUN);

    assertThat(answers.get(TAG, "bWF5").pins()).containsOnlyKeys("1");
    assertThat(answers.get(TAG, "").pins()).isEmpty();
    assertThat(answers.get(TAG, "").error()).isEqualTo("denied");
  }

  @Test
  void aFailureIsTriedAgainSoonerAndForgetsNothing() throws Exception {
    follow("a", followed("a_1", "digest", "r.example/app:1", ""));
    engine.on(ASKED, distribution());
    ask.reconcile(TAG, RUN);
    engine.on(ASKED, new Answer(500, Map.of(), "{\"message\":\"no such host\"}"));

    Duration first = after(ask.reconcile(TAG, RUN));
    Duration second = after(ask.reconcile(TAG, RUN));

    Told told = answers.get(TAG, "");
    assertThat(told.pins()).containsOnlyKeys("1");
    assertThat(told.failures()).isEqualTo(2);
    assertThat(first).isLessThanOrEqualTo(Duration.ofSeconds(2));
    assertThat(second).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
  }

  @Test
  void aRegistryThatHasEnoughIsLeftAloneForAsLongAsItSays() throws Exception {
    String host = engine.host();
    follow("a", followed("a_1", "semver ^1", host + "/app:1.0.0", ""));
    Watched list = new Watched(host, "app", "");
    engine.on("/v2/app/tags/list?n=1000", new Answer(429, Map.of("Retry-After", "90"), "{}"));

    ask.reconcile(list, RUN);
    Duration wait = after(ask.reconcile(list, RUN));

    assertThat(asked()).hasSize(1);
    assertThat(wait).isBetween(Duration.ofSeconds(81), Duration.ofSeconds(99));
    now.set(NOW.plusSeconds(91));
    ask.reconcile(list, RUN);
    assertThat(asked()).hasSize(2);
  }

  @Test
  void aPushThatIsNotToBeSeenYetIsLookedForSoon() throws Exception {
    follow("a", followed("a_1", "digest", "r.example/app:1", ""));
    engine.on(ASKED, distribution());
    expectations.expect(TAG, "1", "sha256:" + "b".repeat(64));

    assertThat(after(ask.reconcile(TAG, RUN))).isEqualTo(Duration.ofMillis(250));
  }

  @Test
  void whatNobodyFollowsIsNotAskedFor() throws Exception {
    follow("a", followed("a_1", "digest", "r.example/app:1", ""));
    index.remove("a");

    assertThat(ask.reconcile(TAG, RUN)).isEqualTo(Outcome.done());
    assertThat(engine.requests()).isEmpty();
  }

  private List<String> asked() {
    return engine.requests().stream().filter(r -> !r.equals("/version")).toList();
  }

  private static Duration after(Outcome outcome) {
    return ((RetryAfter) outcome).delay();
  }

  private void follow(String stack, Followed followed) {
    assertThat(index.put(stack, 1, new FollowedServices(List.of(followed), Map.of())))
        .containsExactly(followed.watched());
  }

  private static Followed followed(String service, String policy, String image, String auth) {
    return new Followed(
        service.substring(0, 1),
        service,
        ImagePolicy.of(policy),
        ImageReference.of(image).orElseThrow(),
        "",
        auth);
  }

  private static Answer distribution() {
    return Answer.ok(
        "{\"Descriptor\":{\"digest\":\"%s\"},\"Platforms\":[{\"architecture\":\"amd64\",\"os\":\"linux\"}]}"
            .formatted(DIGEST));
  }

  /**
   * Stands in for a deployer whose stacks have no revisions, and which is asked for nothing else.
   */
  private static final class NoRevisions implements ImageGate {
    @Override
    public boolean ready() {
      return true;
    }

    @Override
    public Set<String> stacks() {
      return Set.of();
    }

    @Override
    public OptionalLong revision(String stack) {
      return OptionalLong.empty();
    }

    @Override
    public Optional<StackBody> body(String stack, long revision) {
      return Optional.empty();
    }

    @Override
    public boolean ended(String stack, long revision) {
      return true;
    }

    @Override
    public List<Revision> revisions(String stack) {
      return List.of();
    }

    @Override
    public Map<String, String> running(String stack) {
      return Map.of();
    }

    @Override
    public Optional<String> rejected(String command) {
      return Optional.empty();
    }

    @Override
    public void roll(String command, String stack, long revision, Map<String, NewImage> images) {
      throw new AssertionError("nothing is rolled by asking");
    }
  }
}
