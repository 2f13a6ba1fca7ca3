package dev.skep.deployer.apply;

import java.util.function.BooleanSupplier;

/**
 * The process that applies, where it is a service of the cluster itself.
 *
 * @param service its service's name; "" if it is none
 * @param stopping whether the process is to end: nothing is waited for any more
 */
public record Self(String service, BooleanSupplier stopping) {
  /** A process that is no service. */
  public static final Self NONE = new Self("", () -> false);

  /** Whether a service is this process's. */
  public boolean is(String name) {
    return !service.isEmpty() && service.equals(name);
  }
}
