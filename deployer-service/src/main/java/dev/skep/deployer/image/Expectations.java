package dev.skep.deployer.image;

import dev.skep.deployer.image.policy.Told;
import dev.skep.deployer.image.policy.Watched;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What pushes that were told of should lead to. A registry tells of a push before it has moved the
 * tag: who asks at once may be told the old content, and would not ask again for long. So it is
 * asked some more times, for a few seconds in all. What it tells in the end counts, whatever was
 * expected. Thread-safe.
 */
final class Expectations {
  private static final Duration FIRST = Duration.ofMillis(250);

  /** 250 ms to 4 s: some 8 s in all. */
  private static final int MOST = 5;

  private record Expected(String tag, String digest, int attempts) {
    boolean met(Watched watched, Told told) {
      if (!told.error().isEmpty()) {
        return false;
      }
      return watched.list()
          ? told.tags().contains(tag)
          : told.pins().containsKey(tag) && told.pins().get(tag).image().endsWith("@" + digest);
    }
  }

  private final Map<Watched, Expected> open = new ConcurrentHashMap<>();

  /**
   * A push was told of.
   *
   * @param digest "" if it was not told: then nothing is expected
   */
  void expect(Watched watched, String tag, String digest) {
    if (!digest.isEmpty()) {
      open.put(watched, new Expected(tag, digest, 0));
    }
  }

  /** Whether something is expected of an image. */
  boolean open(Watched watched) {
    return open.containsKey(watched);
  }

  /**
   * When to ask again.
   *
   * @param told what the registry has just told, to each that asked
   * @return empty if it told what was expected, or was asked often enough
   */
  Optional<Duration> again(Watched watched, Iterable<Told> told) {
    Expected expected = open.get(watched);
    if (expected == null) {
      return Optional.empty();
    }
    boolean met = true;
    for (Told one : told) {
      met &= expected.met(watched, one);
    }
    if (met || expected.attempts() == MOST) {
      open.remove(watched, expected);
      return Optional.empty();
    }
    open.replace(
        watched,
        expected,
        new Expected(expected.tag(), expected.digest(), expected.attempts() + 1));
    return Optional.of(FIRST.multipliedBy(1L << expected.attempts()));
  }
}
