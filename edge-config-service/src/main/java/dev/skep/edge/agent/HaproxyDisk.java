package dev.skep.edge.agent;

import dev.skep.edge.haproxy.HaproxyFiles;
import dev.skep.edge.haproxy.HaproxyRenderer;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.edge.haproxy.ProxyNames;
import dev.skep.edge.haproxy.ProxyState;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an HAProxy starts from. What is installed has passed HAProxy's own check, made on a copy in
 * {@code next/}; a second copy in {@code last-good/} is for the day when the first is damaged. Not
 * safe for concurrent use.
 */
final class HaproxyDisk {
  private static final String NEXT = "next";
  private static final String LAST_GOOD = "last-good/";
  private static final String CHECKSUMS = "checksums";

  private final EdgeDirectory dir;
  private final HaproxySettings settings;
  private final ConfigChecker checker;

  HaproxyDisk(EdgeDirectory dir, HaproxySettings settings, ConfigChecker checker) {
    this.dir = dir;
    this.settings = settings;
    this.checker = checker;
  }

  /**
   * Sees to it that an HAProxy can start at all: with what was served last, else with a
   * configuration that serves nothing yet.
   */
  void bootstrap(Clock clock) throws IOException {
    dir.prepare(List.of("certs", "maps", "run"));
    if (!isBundle(HaproxyFiles.DEFAULT_CERTIFICATE)) {
      dir.write(HaproxyFiles.DEFAULT_CERTIFICATE, DefaultCertificate.make(clock).pem(), true);
    }
    HaproxyFiles bare = new HaproxyRenderer(settings).render(ProxyState.empty());
    for (Map.Entry<String, String> text : bare.texts().entrySet()) {
      boolean isConfig = text.getKey().equals(HaproxyFiles.CONFIG);
      if (!isConfig && !dir.exists(text.getKey())) {
        dir.write(text.getKey(), text.getValue(), false);
      }
    }
    if (!dir.exists(HaproxyFiles.CONFIG)) {
      dir.write(HaproxyFiles.CONFIG, bare.texts().get(HaproxyFiles.CONFIG), false);
    }
  }

  private boolean isBundle(String path) throws IOException {
    try {
      return dir.read(path).map(PemBundle::parse).isPresent();
    } catch (IllegalArgumentException e) {
      // Damaged: no configuration would pass with it.
      return false;
    }
  }

  /** Names what only a reload can change, of the configuration that this agent writes. */
  String staticHash() {
    return new HaproxyRenderer(settings).render(ProxyState.empty()).staticHash();
  }

  /**
   * Asks HAProxy about a target.
   *
   * @return empty if it is good, else HAProxy's own words
   */
  Optional<String> check(Target target) throws IOException, ConfigChecker.UnavailableException {
    dir.delete(NEXT);
    dir.prepare(List.of(NEXT, NEXT + "/certs", NEXT + "/maps", NEXT + "/run"));
    try {
      dir.link(HaproxyFiles.DEFAULT_CERTIFICATE, NEXT + "/" + HaproxyFiles.DEFAULT_CERTIFICATE);
      for (Map.Entry<String, PemBundle> e : target.files().entrySet()) {
        String path = HaproxyFiles.certificate(e.getKey());
        String pem = e.getValue().pem();
        if (!pem.equals(dir.read(path).orElse(null)) || !dir.link(path, NEXT + "/" + path)) {
          dir.write(NEXT + "/" + path, pem, true);
        }
      }
      String there = settings.dir() + "/" + NEXT;
      HaproxyFiles files = new HaproxyRenderer(settings.in(there)).render(target.state());
      for (Map.Entry<String, String> text : files.texts().entrySet()) {
        dir.write(NEXT + "/" + text.getKey(), text.getValue(), false);
      }
      return checker
          .check(there + "/" + HaproxyFiles.CONFIG)
          .map(words -> words.replace(there, settings.dir()));
    } finally {
      // It holds private keys.
      dir.delete(NEXT);
    }
  }

  /** Puts a target where HAProxy starts from. */
  void install(Target target) throws IOException {
    write(target, "");
  }

  /** Keeps a checked target, whole, in files of its own: a damaged one is replaced by it. */
  void keep(Target target) throws IOException {
    dir.prepare(List.of("last-good", LAST_GOOD + "certs", LAST_GOOD + "maps"));
    Optional<String> fallback = dir.read(HaproxyFiles.DEFAULT_CERTIFICATE);
    if (fallback.isPresent()) {
      dir.write(LAST_GOOD + HaproxyFiles.DEFAULT_CERTIFICATE, fallback.get(), true);
    }
    write(target, LAST_GOOD);
  }

  /**
   * What is referred to comes first, what is not referred to any more goes last. The checksums tell
   * who starts HAProxy whether a file was damaged: a map that was cut is still a map.
   */
  private void write(Target target, String prefix) throws IOException {
    SortedMap<String, String> sums = new TreeMap<>();
    for (Map.Entry<String, PemBundle> e : target.files().entrySet()) {
      sums.put(HaproxyFiles.certificate(e.getKey()), e.getValue().pem());
    }
    dir.read(prefix + HaproxyFiles.DEFAULT_CERTIFICATE)
        .ifPresent(pem -> sums.put(HaproxyFiles.DEFAULT_CERTIFICATE, pem));
    for (Map.Entry<String, PemBundle> e : target.files().entrySet()) {
      dir.write(prefix + HaproxyFiles.certificate(e.getKey()), e.getValue().pem(), true);
    }
    HaproxyFiles files = new HaproxyRenderer(settings).render(target.state());
    for (Map.Entry<String, String> text : files.texts().entrySet()) {
      if (!text.getKey().equals(HaproxyFiles.CONFIG)) {
        dir.write(prefix + text.getKey(), text.getValue(), false);
      }
    }
    dir.write(prefix + HaproxyFiles.CONFIG, files.texts().get(HaproxyFiles.CONFIG), false);
    sums.putAll(files.texts());
    dir.write(prefix + CHECKSUMS, Checksums.of(sums), false);
    for (String file : dir.list(prefix + "certs")) {
      if (ProxyNames.isCertificateFile(file) && !target.files().containsKey(file)) {
        dir.delete(prefix + HaproxyFiles.certificate(file));
      }
    }
  }
}
