package dev.skep.deployer.compose;

/**
 * A service that another one names under {@code depends_on}.
 *
 * @param service its name in the file; among a stack's objects, its name in the cluster
 * @param condition what of it is waited for
 * @param required whether it is an error if the stack does not have it, and whether what depends on
 *     it is left as it is if it does not come about
 */
public record Dependency(String service, Condition condition, boolean required) {
  /** What a service may wait for. */
  public enum Condition {
    /** Its tasks run. */
    STARTED,
    /** Its tasks run, and their health checks pass. */
    HEALTHY,
    /** It is a job, and its tasks have ended well. */
    COMPLETED;

    /** Reads {@code service_healthy} and its like; anything else is {@link #STARTED}. */
    static Condition of(String text) {
      return switch (text) {
        case "service_healthy" -> HEALTHY;
        case "service_completed_successfully" -> COMPLETED;
        default -> STARTED;
      };
    }

    /** As a compose file says it. */
    public String text() {
      return switch (this) {
        case STARTED -> "service_started";
        case HEALTHY -> "service_healthy";
        case COMPLETED -> "service_completed_successfully";
      };
    }
  }
}
