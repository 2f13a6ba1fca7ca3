package dev.skep.monitor.http;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** Who is signed in: random ids, in memory only, gone with the process. Safe for concurrent use. */
public final class Sessions {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 32;

  private final Clock clock;
  private final Duration life;
  private final int max;

  /** By their ids, oldest first. */
  private final Map<String, Session> open = new LinkedHashMap<>();

  private record Session(Instant end, BooleanSupplier holds) {
    boolean open(Instant now) {
      return now.isBefore(end) && holds.getAsBoolean();
    }
  }

  /**
   * No sessions.
   *
   * @param life how long a session lasts, whether used or not
   * @param max how many there may be; one more ends the oldest
   */
  public Sessions(Clock clock, Duration life, int max) {
    this.clock = clock;
    this.life = life;
    this.max = max;
  }

  /**
   * Begins a session.
   *
   * @param holds whether what it was begun with is good still: asked at each request, must not
   *     block
   * @return its id, which the browser shows
   */
  public synchronized String begin(BooleanSupplier holds) {
    byte[] id = new byte[ID_BYTES];
    RANDOM.nextBytes(id);
    Instant now = clock.instant();
    open.values().removeIf(session -> !session.open(now));
    if (open.size() >= max) {
      open.remove(open.keySet().iterator().next());
    }
    String text = Base64.getUrlEncoder().withoutPadding().encodeToString(id);
    open.put(text, new Session(now.plus(life), holds));
    return text;
  }

  /** Whether this session is open; null is none. */
  public synchronized boolean valid(String id) {
    Session session = id == null ? null : open.get(id);
    return session != null && session.open(clock.instant());
  }

  /** Ends a session; an unknown one, or null, is no error. */
  public synchronized void end(String id) {
    open.remove(id);
  }

  /** How long a session lasts. */
  public Duration life() {
    return life;
  }
}
