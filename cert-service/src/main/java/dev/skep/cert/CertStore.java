package dev.skep.cert;

import dev.skep.model.Codecs;
import dev.skep.model.cert.Certificate;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.kafka.Write;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The certificates topic as its only writer knows it: what was read at start, and every own write
 * at once. A view alone would lag behind the own writes, and a run that follows another would issue
 * a second time.
 *
 * <p>A write that the broker did not confirm stays in here and is made again by {@link #flush}: a
 * certificate that was issued is not lost with it. Thread-safe as long as each key has one writer
 * at a time.
 */
final class CertStore {
  private record Unconfirmed(String what, String correlationId) {}

  private final Map<String, CertificateEntry> entries = new ConcurrentHashMap<>();
  private final Map<String, Unconfirmed> unconfirmed = new ConcurrentHashMap<>();
  private final Consumer<List<Write<?>>> publisher;

  /**
   * A store.
   *
   * @param publisher writes all in one transaction and throws if that was not confirmed
   */
  CertStore(Map<String, CertificateEntry> initial, Consumer<List<Write<?>>> publisher) {
    this.entries.putAll(initial);
    this.publisher = publisher;
  }

  Optional<Certificate> certificate(String name) {
    return Optional.ofNullable((Certificate) entries.get("certificate/" + name));
  }

  Optional<Issuer> issuer(String name) {
    return Optional.ofNullable((Issuer) entries.get("issuer/" + name));
  }

  List<Certificate> certificates() {
    return entries.values().stream()
        .filter(Certificate.class::isInstance)
        .map(Certificate.class::cast)
        .toList();
  }

  /** Writes one entry; nothing happens if it is there already. */
  void put(CertificateEntry entry, String what, String correlationId) {
    putAll(List.of(entry), what, correlationId);
  }

  /** Writes entries in one transaction; those that are there already are left out. */
  void putAll(Collection<? extends CertificateEntry> changed, String what, String correlationId) {
    List<String> keys = new ArrayList<>();
    for (CertificateEntry entry : changed) {
      if (!entry.equals(entries.put(entry.key(), entry)) || unconfirmed.containsKey(entry.key())) {
        unconfirmed.put(entry.key(), new Unconfirmed(what, correlationId));
        keys.add(entry.key());
      }
    }
    write(keys);
  }

  /** Deletes a certificate. */
  void remove(String name, String correlationId) {
    String key = "certificate/" + name;
    if (entries.remove(key) != null) {
      unconfirmed.put(key, new Unconfirmed("deleted", correlationId));
      write(List.of(key));
    }
  }

  /** Makes an unconfirmed write of this certificate again, if there is one. */
  void flush(String name) {
    String key = "certificate/" + name;
    if (unconfirmed.containsKey(key)) {
      write(List.of(key));
    }
  }

  private void write(List<String> keys) {
    if (keys.isEmpty()) {
      return;
    }
    publisher.accept(keys.stream().<Write<?>>map(this::writeOf).toList());
    keys.forEach(unconfirmed::remove);
  }

  private Write<CertificateEntry> writeOf(String key) {
    CertificateEntry entry = entries.get(key);
    Unconfirmed why = unconfirmed.get(key);
    return entry == null
        ? Write.delete(Topics.CERTIFICATES, Codecs.CERTIFICATES, key)
        : Write.put(
            Topics.CERTIFICATES, Codecs.CERTIFICATES, key, entry, why.what(), why.correlationId());
  }
}
