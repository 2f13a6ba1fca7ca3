package dev.skep.edge;

import dev.skep.model.edge.Route;

/** Where edges listen. */
public enum EntryPoint {
  /** Plain HTTP. */
  WEB("web"),
  /** TLS. */
  WEBSECURE("websecure");

  private final String label;

  EntryPoint(String label) {
    this.label = label;
  }

  /** Its name in labels. */
  public String label() {
    return label;
  }

  /** What a route does on an entry point. */
  public enum Action {
    NOTHING,
    SERVE,
    REDIRECT
  }

  /**
   * What {@code route} does here, as in Traefik: a router with TLS answers no plain request, one
   * without answers no TLS. A redirect to https is for plain requests whatever the entry points.
   */
  public Action action(Route route) {
    if (!route.accepted() || route.rule() == null) {
      return Action.NOTHING;
    }
    boolean here = route.entryPoints().contains(label);
    return switch (this) {
      case WEB -> {
        if (route.redirectToHttps()) {
          yield Action.REDIRECT;
        }
        yield here && route.tls() == null ? Action.SERVE : Action.NOTHING;
      }
      case WEBSECURE -> here && route.tls() != null ? Action.SERVE : Action.NOTHING;
    };
  }
}
