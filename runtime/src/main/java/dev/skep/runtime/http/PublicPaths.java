package dev.skep.runtime.http;

import dev.skep.runtime.SkepService;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The paths that need no token: exact ones, and beginnings, which end in {@code /*}. */
final class PublicPaths {
  private final Set<String> paths;

  private PublicPaths(Set<String> paths) {
    this.paths = paths;
  }

  static PublicPaths of(List<? extends SkepService> services) {
    return new PublicPaths(
        services.stream().flatMap(s -> s.publicPaths().stream()).collect(Collectors.toSet()));
  }

  boolean contains(String path) {
    for (String allowed : paths) {
      boolean prefix = allowed.endsWith("/*");
      if (prefix
          ? path.startsWith(allowed.substring(0, allowed.length() - 1))
          : path.equals(allowed)) {
        return true;
      }
    }
    return false;
  }
}
