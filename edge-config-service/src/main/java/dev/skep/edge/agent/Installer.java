package dev.skep.edge.agent;

import dev.skep.edge.EdgeModel;
import dev.skep.edge.Guilty;
import dev.skep.edge.Refused;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/** Brings targets to disk, checked; finds what spoils one. Thread-safe: one at a time. */
final class Installer {
  /** What became of a target. */
  sealed interface Outcome {
    /** It is on disk. */
    record Installed() implements Outcome {}

    /** These spoil it: without them it would do. */
    record Spoiled(Map<String, Refused> guilty) implements Outcome {}

    /** It is refused whatever is left out: the fault is not in what is served. */
    record Unfit(String words) implements Outcome {}
  }

  private final HaproxyDisk disk;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Target installed;

  Installer(HaproxyDisk disk) {
    this.disk = disk;
  }

  /**
   * Checks and installs.
   *
   * @param proven whether a running HAProxy has taken all of it: then it is installed unchecked
   *     where nobody can check
   * @throws ConfigChecker.UnavailableException if nobody can check and it is not proven
   */
  Outcome install(Target target, boolean proven)
      throws IOException, ConfigChecker.UnavailableException {
    lock.lock();
    try {
      if (target.equals(installed)) {
        return new Outcome.Installed();
      }
      Optional<String> words;
      boolean checked = true;
      try {
        words = disk.check(target);
      } catch (ConfigChecker.UnavailableException e) {
        if (!proven) {
          throw e;
        }
        words = Optional.empty();
        checked = false;
      }
      if (words.isPresent()) {
        return spoiled(target, words.get());
      }
      disk.install(target);
      if (checked) {
        disk.keep(target);
      }
      installed = target;
      return new Outcome.Installed();
    } catch (SearchBrokenOffException e) {
      throw e.unavailable;
    } finally {
      lock.unlock();
    }
  }

  /** Has the next target written whatever was written before: files may have been damaged since. */
  void forget() {
    installed = null;
  }

  /** Carries the end of a search through it. */
  private static final class SearchBrokenOffException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final ConfigChecker.UnavailableException unavailable;

    SearchBrokenOffException(ConfigChecker.UnavailableException unavailable) {
      super(unavailable);
      this.unavailable = unavailable;
    }
  }

  private Outcome spoiled(Target target, String words) {
    SortedMap<String, Object> all = contents(target.model());
    Target before = installed;
    SortedMap<String, Object> good = before == null ? new TreeMap<>() : contents(before.model());
    Set<String> suspects = new LinkedHashSet<>();
    all.forEach(
        (key, content) -> {
          if (!Objects.equals(content, good.get(key))) {
            suspects.add(key);
          }
        });
    Optional<Set<String>> guilty =
        Guilty.find(
            suspects,
            kept -> {
              Set<String> without = new LinkedHashSet<>(suspects);
              without.removeAll(kept);
              return passes(new Target(without(target.model(), without), target.bundles()));
            });
    if (guilty.isEmpty() || guilty.get().isEmpty()) {
      return new Outcome.Unfit(alert(words));
    }
    Map<String, Refused> refused = new TreeMap<>();
    guilty.get().forEach(key -> refused.put(key, new Refused(all.get(key), alert(words))));
    return new Outcome.Spoiled(refused);
  }

  private boolean passes(Target target) {
    try {
      return disk.check(target).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ConfigChecker.UnavailableException e) {
      throw new SearchBrokenOffException(e);
    }
  }

  private static SortedMap<String, Object> contents(EdgeModel model) {
    SortedMap<String, Object> all = new TreeMap<>();
    model.routes().values().forEach(r -> all.put(r.key(), r));
    model.backends().values().forEach(b -> all.put(b.key(), b));
    model.certificates().values().forEach(c -> all.put("certificate/" + c.name(), c));
    return all;
  }

  private static EdgeModel without(EdgeModel model, Set<String> keys) {
    var routes = new TreeMap<>(model.routes());
    routes.values().removeIf(r -> keys.contains(r.key()));
    var backends = new TreeMap<>(model.backends());
    backends.values().removeIf(b -> keys.contains(b.key()));
    var certificates = new TreeMap<>(model.certificates());
    certificates.values().removeIf(c -> keys.contains("certificate/" + c.name()));
    return new EdgeModel(routes, backends, certificates, model.issuers());
  }

  /** HAProxy's first alert; the rest only follows from it. */
  private static String alert(String words) {
    return words
        .lines()
        .filter(l -> l.contains("[ALERT]"))
        .findFirst()
        .map(l -> "HAProxy refuses it: " + l.replaceFirst("^.*?\\[ALERT\\]\\s*\\(\\d+\\) : ", ""))
        .orElse("HAProxy refuses it: " + words.lines().findFirst().orElse("no reason given"));
  }
}
