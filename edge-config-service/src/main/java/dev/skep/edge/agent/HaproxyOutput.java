package dev.skep.edge.agent;

import dev.skep.edge.Refused;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.edge.haproxy.ProxyNames;
import dev.skep.edge.haproxy.ProxyState;
import dev.skep.edge.haproxy.ProxyState.Mode;
import dev.skep.edge.haproxy.RuntimeAnswers;
import dev.skep.edge.haproxy.Step;
import dev.skep.edge.haproxy.StepCommands;
import dev.skep.edge.haproxy.StepPlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one HAProxy at a target:
 *
 * <ol>
 *   <li>ask which process runs; if it is another one than last time, observe what it serves
 *   <li>plan the steps from there to the target; take them, checking each answer
 *   <li>observe what the steps touched; where it differs, reload from the files
 *   <li>bring the target to disk, checked by HAProxy
 * </ol>
 *
 * Not safe for concurrent use.
 */
final class HaproxyOutput implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HaproxyOutput.class);

  private final HaproxyControl control;
  private final HaproxyDisk disk;
  private final Installer installer;
  private final Persister persister;
  private final EdgeMeters meters;
  private final Clock clock;
  private final HaproxyObserver observer;
  private final StepRunner runner;
  private final AtomicReference<Target> pems = new AtomicReference<>();

  /** What the process served when it was last looked at; null: it has to be observed. */
  private ProxyState applied;

  private RuntimeAnswers.Running process;

  HaproxyOutput(
      EdgeDirectory dir,
      HaproxySettings settings,
      ConfigChecker checker,
      UnaryOperator<String> bySha1,
      EdgeMeters meters,
      Clock clock,
      Consumer<Map<String, Refused>> onSpoiled) {
    Path run = dir.root().resolve("run");
    this.control = new HaproxyControl(run);
    this.disk = new HaproxyDisk(dir, settings, checker);
    this.installer = new Installer(disk);
    this.persister = new Persister(installer, onSpoiled);
    this.meters = meters;
    this.clock = clock;
    StepCommands commands =
        new StepCommands(settings.dir(), file -> pems.get().files().get(file).pem());
    this.observer = new HaproxyObserver(control, commands, bySha1);
    this.runner = new StepRunner(control, commands);
  }

  /** Makes what HAProxy needs to start. */
  void start() throws IOException {
    disk.bootstrap(clock);
    persister.start();
  }

  /** Forgets what was observed and what was written: the next application does both again. */
  void lookAgain() {
    applied = null;
    installer.forget();
  }

  /** Brings HAProxy to the target. */
  Applied apply(Target target) throws IOException {
    pems.set(target);
    RuntimeAnswers.Running now;
    try {
      now = control.process();
    } catch (IOException e) {
      applied = null;
      process = null;
      persister.submit(target, false);
      return Applied.waiting("haproxy", "HAProxy does not run, or does not answer on its socket");
    }
    if (!now.same(process)) {
      log.atInfo()
          .addKeyValue("version", now.versionText())
          .addKeyValue("pid", now.pid())
          .log("HAProxy found running");
      // It may have started from less than was installed: what was damaged is written anew.
      installer.forget();
      process = now;
      applied = null;
    }
    if (!now.staticHash().equals(disk.staticHash())) {
      // Of a configuration that is not ours, the bootstrap's, nothing could be observed.
      return reload(target, "it runs with another configuration");
    }
    if (applied == null) {
      applied = observer.all();
    }
    return converge(target);
  }

  private Applied converge(Target target) throws IOException {
    ProxyState desired = target.state();
    List<Step> steps = StepPlanner.plan(applied, desired, process.version());
    for (Step step : steps) {
      if (step instanceof Step.Reload(String why)) {
        return reload(target, why);
      }
    }
    if (steps.isEmpty()) {
      persister.submit(target, true);
      return Applied.served(name(), false);
    }
    StepRunner.Result result;
    try {
      result = runner.run(steps, applied, desired);
      applied = result.applied();
      meters.steps.increment(steps.size() - result.refused().size());
    } catch (IOException e) {
      applied = null;
      throw e;
    }
    Map<String, Refused> certificates = refusedCertificates(target, result.refused());
    if (!certificates.isEmpty()) {
      return Applied.again(name(), certificates);
    }
    String difference = difference(steps, desired, result.refused());
    if (difference != null) {
      meters.mismatches.increment();
      log.atWarn().addKeyValue("reason", difference).log("HAProxy does not serve what it should");
      return reload(target, difference);
    }
    persister.submit(target, true);
    return Applied.served(name(), result.later());
  }

  /** A certificate that HAProxy refuses is known by name: no need to search. */
  private static Map<String, Refused> refusedCertificates(
      Target target, Map<Step, String> refused) {
    Map<String, Refused> found = new HashMap<>();
    refused.forEach(
        (step, words) -> {
          String file =
              switch (step) {
                case Step.NewCertificate(String f) -> f;
                case Step.RotateCertificate(String f) -> f;
                default -> null;
              };
          target.model().certificates().values().stream()
              .filter(c -> ProxyNames.certificateFile(c.name()).equals(file))
              .forEach(
                  c ->
                      found.put(
                          "certificate/" + c.name(),
                          new Refused(c, "HAProxy refuses it: " + oneLine(words))));
        });
    return found;
  }

  /** What of the touched parts is not as it should be; null if all is. */
  private String difference(List<Step> steps, ProxyState desired, Map<Step, String> refused)
      throws IOException {
    for (Map.Entry<Step, String> e : refused.entrySet()) {
      return "HAProxy refused a step: " + oneLine(e.getValue());
    }
    Set<String> backends = new HashSet<>();
    Set<String> maps = new HashSet<>();
    Set<String> files = new HashSet<>();
    for (Step step : steps) {
      switch (step) {
        case Step.AddBackend s -> backends.add(s.backend());
        case Step.PublishBackend s -> backends.add(s.backend());
        case Step.AddServer s -> backends.add(s.backend());
        case Step.SetServer s -> backends.add(s.backend());
        case Step.RetireServer s -> backends.add(s.backend());
        case Step.AddEntry s -> maps.add(s.map());
        case Step.SetEntry s -> maps.add(s.map());
        case Step.DeleteEntry s -> maps.add(s.map());
        case Step.ReplaceMap s -> maps.add(s.map());
        case Step.NewCertificate s -> files.add(s.file());
        case Step.RotateCertificate s -> files.add(s.file());
        default -> {}
      }
    }
    for (String backend : backends) {
      SortedMap<String, ProxyState.Server> wanted = desired.backends().get(backend);
      SortedMap<String, ProxyState.Server> found = new TreeMap<>(observer.servers(backend));
      found.values().removeIf(s -> s.mode() == Mode.RETIRED);
      if (wanted != null && !wanted.equals(found)) {
        return "the servers of " + backend + " differ";
      }
    }
    for (String map : maps) {
      if (!observer.map(map).equals(desired.maps().get(map))) {
        return "the entries of " + map + " differ";
      }
    }
    for (Map.Entry<String, String> e : observer.certificates(files).entrySet()) {
      if (!e.getValue().equals(desired.certificates().get(e.getKey()))) {
        return "the certificate in " + e.getKey() + " differs";
      }
      files.remove(e.getKey());
    }
    return files.isEmpty() ? null : "the certificates in " + files + " are missing";
  }

  private Applied reload(Target target, String why) throws IOException {
    Installer.Outcome outcome;
    try {
      outcome = installer.install(target, false);
    } catch (ConfigChecker.UnavailableException e) {
      return Applied.failed(
          name(), "a reload is needed (" + why + ") but nobody can check it: " + e.getMessage());
    }
    switch (outcome) {
      case Installer.Outcome.Spoiled(Map<String, Refused> guilty) -> {
        return Applied.again(name(), guilty);
      }
      case Installer.Outcome.Unfit(String words) -> {
        return Applied.failed(name(), words);
      }
      case Installer.Outcome.Installed() -> {}
    }
    String words = control.reload();
    meters.reloads.increment();
    if (words != null) {
      applied = null;
      return Applied.failed(name(), "HAProxy refused to reload: " + oneLine(words));
    }
    log.atInfo().addKeyValue("reason", why).log("HAProxy reloaded");
    process = control.process();
    applied = observer.all();
    boolean same =
        StepPlanner.plan(applied, target.state(), process.version()).isEmpty()
            && process.staticHash().equals(disk.staticHash());
    return same
        ? Applied.served(name(), false)
        : Applied.failed(name(), "HAProxy does not serve what it was reloaded with");
  }

  private String name() {
    return "haproxy " + process.versionText();
  }

  /** What keeps the newest target from the disk; empty if nothing does. */
  String persistenceProblem() {
    return persister.problem();
  }

  private static String oneLine(String words) {
    String line = words.strip().replaceAll("\\s*\\n\\s*", "; ");
    return line.substring(0, Math.min(line.length(), 500));
  }

  @Override
  public void close() {
    persister.close();
  }
}
