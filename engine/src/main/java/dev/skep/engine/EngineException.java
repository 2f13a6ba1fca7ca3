package dev.skep.engine;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A call that the Engine refused or did not answer. The message says what was asked, what the
 * Engine answered and what to do; it never holds a request's body or a credential.
 */
public final class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String REFUSED =
      "; check what the proxy before the Engine, or the registry, allows";

  /** A gateway's answers for an Engine behind it, and the Engine's own for lack of a leader. */
  private static final Set<Integer> PASSING = Set.of(502, 503, 504);

  /** In answers with status 500: what a manager says of the leader that it passes calls on to. */
  private static final List<String> WORDS =
      List.of(
          "does not have a leader",
          "deadline exceeded",
          "code = unavailable",
          "transport is closing",
          "connection refused",
          "connection reset",
          "lost leadership",
          "leadership changed",
          "not the leader");

  /** The Engine's status code; 0 if it gave none. */
  private final int status;

  /** The Engine's own words, or why there are none. */
  private final String reason;

  EngineException(int status, String asked, String reason, Throwable cause) {
    super(message(status, asked, reason), cause);
    this.status = status;
    this.reason = reason;
  }

  /** The HTTP status of the answer; 0 if the Engine could not be reached or did not answer. */
  public int status() {
    return status;
  }

  /** The Engine's own words; if it gave none, what went wrong. Never null. */
  public String reason() {
    return reason;
  }

  /** Whether what was asked for does not exist. */
  public boolean isNotFound() {
    return status == 404;
  }

  /**
   * Whether the name is taken or the object is in use. Where two ask for a network of one name at
   * the same moment, the Engine answers one of them by 500 (seen with 20.10).
   */
  public boolean isConflict() {
    return status == 409
        || reason.toLowerCase(Locale.ROOT).contains("name conflicts with an existing object");
  }

  /**
   * Whether the object was changed since its Version.Index was read: read it again, then retry. The
   * Engine has no status of its own for it (20.10 and 28 say 500).
   */
  public boolean isOutOfSequence() {
    return reason.toLowerCase(Locale.ROOT).contains("update out of sequence");
  }

  /** Whether there was no answer: nothing is known of the call's effect, if it was a change. */
  public boolean isUnreachable() {
    return status == 0;
  }

  /**
   * Whether the Engine answered that it cannot for now, as while the managers elect a leader: the
   * same call may succeed in some seconds. Nothing is known of its effect, if it was a change.
   */
  public boolean isTransient() {
    String text = reason.toLowerCase(Locale.ROOT);
    return PASSING.contains(status) || (status >= 500 && WORDS.stream().anyMatch(text::contains));
  }

  private static String message(int status, String asked, String reason) {
    String who = ofProxy(status, reason) ? "the proxy before the Engine" : "the Engine";
    String answered = status == 0 ? reason : who + " answered " + status + ": " + reason;
    return asked + ": " + answered + advice(status, reason);
  }

  /** HAProxy's own words, and those of the suite's proxies: the Engine never saw the call. */
  private static boolean ofProxy(int status, String reason) {
    return status == 403
        && (reason.contains("administrative rules") || reason.startsWith("refused by the proxy"));
  }

  private static String advice(int status, String reason) {
    String text = reason.toLowerCase(Locale.ROOT);
    if (text.contains("update out of sequence")) {
      return "; read the object again and retry";
    }
    if (text.contains("permission denied")) {
      return "; run as root or as a member of the group that owns the socket";
    }
    return switch (status) {
      case 0 -> "; check that the Engine runs and that its address is right";
      case 403 ->
          ofProxy(status, reason)
              ? "; what it lets through is listed in its configuration, the suite's in stack/engine-write.cfg"
              : REFUSED;
      case 401 -> REFUSED;
      case 503 ->
          text.contains("swarm")
              ? "; make this Engine a manager of a Swarm (docker swarm init)"
              : "; retry later";
      default -> "";
    };
  }
}
