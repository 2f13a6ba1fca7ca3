package dev.skep.deployer.gate;

import java.util.List;

/**
 * Services that a deployment waits for, as people are shown them.
 *
 * @param services by name, the first of them
 * @param more how many others there are
 */
public record Awaited(List<Service> services, int more) {
  /** Nothing is waited for. */
  public static final Awaited NOTHING = new Awaited(List.of(), 0);

  /** No terminal shows more lines. */
  static final int MOST = 100;

  /**
   * One of them.
   *
   * @param name its name
   * @param words how far it is, as {@code 2/3 running}
   * @param cause why it is not further; "" if nothing is known
   */
  public record Service(String name, String words, String cause) {
    static Service of(Standing standing) {
      String cause = standing.causes().isEmpty() ? "" : standing.causes().getFirst();
      return new Service(standing.service(), standing.words(), cause);
    }
  }

  public Awaited {
    services = services == null ? List.of() : List.copyOf(services);
  }

  /** Of what was looked at. */
  public static Awaited of(List<Standing> standings) {
    return first(standings.stream().map(Service::of).toList());
  }

  /** The first of many, and the number of the others. */
  public static Awaited first(List<Service> services) {
    return new Awaited(
        services.subList(0, Math.min(MOST, services.size())), Math.max(0, services.size() - MOST));
  }
}
