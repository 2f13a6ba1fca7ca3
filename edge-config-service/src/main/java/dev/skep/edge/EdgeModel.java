package dev.skep.edge;

import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Everything that an edge should serve.
 *
 * @param routes by id
 * @param backends by id
 * @param certificates issued ones, by name
 * @param issuers by name
 */
public record EdgeModel(
    SortedMap<String, Route> routes,
    SortedMap<String, Backend> backends,
    SortedMap<String, CertificateRef> certificates,
    SortedMap<String, Issuer> issuers) {

  /**
   * A certificate without its private parts.
   *
   * @param name unique; the first of its DNS names
   * @param fingerprint SHA-256 of the leaf's DER, lower-case hex
   */
  public record CertificateRef(String name, String fingerprint) {}

  public EdgeModel {
    routes = sorted(routes);
    backends = sorted(backends);
    certificates = sorted(certificates);
    issuers = sorted(issuers);
  }

  /** A model of these; they may be in any order. */
  public static EdgeModel of(
      Map<String, Route> routes,
      Map<String, Backend> backends,
      Map<String, CertificateRef> certificates,
      Map<String, Issuer> issuers) {
    return new EdgeModel(
        new TreeMap<>(routes),
        new TreeMap<>(backends),
        new TreeMap<>(certificates),
        new TreeMap<>(issuers));
  }

  /** A model that serves nothing. */
  public static EdgeModel empty() {
    return of(Map.of(), Map.of(), Map.of(), Map.of());
  }

  /**
   * The thumbprint with which http-01 challenges are answered. All ACME issuers share one account
   * key; while that changes, the newest issuer is right.
   */
  public Optional<String> thumbprint() {
    return issuers.values().stream()
        .filter(i -> i.kind() == Issuer.Kind.ACME && i.thumbprint() != null)
        .max(
            Comparator.comparing(Issuer::since, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(Issuer::name))
        .map(Issuer::thumbprint);
  }

  private static <V> SortedMap<String, V> sorted(SortedMap<String, V> map) {
    return java.util.Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
