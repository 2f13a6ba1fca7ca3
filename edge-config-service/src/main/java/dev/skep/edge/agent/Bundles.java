package dev.skep.edge.agent;

import dev.skep.edge.EdgeModel.CertificateRef;
import dev.skep.edge.Refused;
import dev.skep.edge.haproxy.HaproxyFiles;
import dev.skep.edge.haproxy.ProxyNames;
import dev.skep.model.cert.Certificate;
import dev.skep.model.edge.EdgeStatus.Refusal;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.runtime.seal.SealException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Opens certificates' keys and puts the files together. Where a new one is no good, the one before
 * is served on, from memory or from disk. Not safe for concurrent use.
 */
final class Bundles {
  /** What can be served, and what cannot. */
  record Resolved(Map<String, PemBundle> bundles, List<Refusal> refused) {}

  private record Opened(Certificate certificate, PemBundle bundle, String problem) {}

  private final PrivateKeyRing keys;
  private final EdgeDirectory dir;
  private final Map<String, Opened> opened = new HashMap<>();
  private final Map<String, PemBundle> good = new HashMap<>();

  Bundles(PrivateKeyRing keys, EdgeDirectory dir) {
    this.keys = keys;
    this.dir = dir;
  }

  /**
   * The bundles of all issued certificates.
   *
   * @param before what a proxy refused, by key
   */
  Resolved resolve(Collection<Certificate> certificates, Map<String, Refused> before) {
    Map<String, PemBundle> bundles = new TreeMap<>();
    List<Refusal> refused = new ArrayList<>();
    opened
        .keySet()
        .retainAll(certificates.stream().map(Certificate::name).collect(Collectors.toSet()));
    for (Certificate certificate : certificates) {
      if (certificate.chain() == null || certificate.privateKey() == null) {
        continue;
      }
      String name = certificate.name();
      Opened now = opened.get(name);
      if (now == null || !sameBundle(now.certificate(), certificate)) {
        now = open(certificate);
        opened.put(name, now);
      }
      Refused earlier = before.get(certificate.key());
      String problem = now.problem();
      if (problem == null
          && earlier != null
          && earlier.content().equals(new CertificateRef(name, now.bundle().fingerprint()))) {
        problem = earlier.reason();
      }
      if (problem == null) {
        bundles.put(name, now.bundle());
      } else {
        refused.add(new Refusal(certificate.key(), problem));
        lastGood(name, now.bundle()).ifPresent(b -> bundles.put(name, b));
      }
    }
    return new Resolved(bundles, refused);
  }

  /** Takes note that a proxy serves these: what comes later and is no good falls back on them. */
  void served(Map<String, PemBundle> bundles) {
    good.clear();
    good.putAll(bundles);
  }

  /** The SHA-256 for a SHA-1 that a proxy shows; something that equals none if it is not known. */
  String sha256(String sha1) {
    return Stream.concat(
            good.values().stream(),
            opened.values().stream().map(Opened::bundle).filter(Objects::nonNull))
        .filter(b -> b.sha1().equals(sha1))
        .map(PemBundle::fingerprint)
        .findFirst()
        .orElse("sha1:" + sha1);
  }

  private static boolean sameBundle(Certificate a, Certificate b) {
    return a.revision() == b.revision()
        && a.chain().equals(b.chain())
        && a.privateKey().equals(b.privateKey());
  }

  private Opened open(Certificate c) {
    byte[] key = null;
    try {
      key = keys.open(c.privateKey(), Certificate.sealingContext(c.name(), c.revision()));
      PemBundle bundle = PemBundle.of(c.chain(), new String(key, StandardCharsets.US_ASCII));
      if (c.fingerprint() != null && !c.fingerprint().equals(bundle.fingerprint())) {
        return new Opened(c, null, "its fingerprint is not that of its chain");
      }
      return new Opened(c, bundle, null);
    } catch (SealException e) {
      return new Opened(
          c, null, "its private key cannot be opened by this edge: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      return new Opened(c, null, e.getMessage());
    } finally {
      if (key != null) {
        java.util.Arrays.fill(key, (byte) 0);
      }
    }
  }

  private Optional<PemBundle> lastGood(String name, PemBundle refused) {
    PemBundle known = good.get(name);
    if (known != null && !known.equals(refused)) {
      return Optional.of(known);
    }
    try {
      return dir.read(HaproxyFiles.certificate(ProxyNames.certificateFile(name)))
          .map(PemBundle::parse)
          .filter(b -> !b.equals(refused));
    } catch (IOException | IllegalArgumentException e) {
      // Nothing to fall back on; why the new one is refused is reported by the caller.
      return Optional.empty();
    }
  }
}
