package dev.skep.edge.agent;

import static dev.skep.edge.Models.backend;
import static dev.skep.edge.Models.host;
import static dev.skep.edge.Models.ready;
import static dev.skep.edge.Models.web;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.skep.edge.EdgeModel;
import dev.skep.edge.EdgeModel.CertificateRef;
import dev.skep.edge.haproxy.HaproxySettings;
import dev.skep.edge.haproxy.ProxyState;
import dev.skep.engine.EngineClient;
import dev.skep.engine.EngineConfig;
import dev.skep.engine.Filters;
import dev.skep.model.cert.Certificate;
import dev.skep.model.edge.Backend;
import dev.skep.model.edge.Route;
import dev.skep.runtime.seal.PrivateKeyRing;
import dev.skep.testing.Ports;
import dev.skep.testing.RequiresEngine;
import dev.skep.testing.RequiresImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real HAProxy judges what is brought to disk. */
@RequiresEngine
@RequiresImage("haproxy:3.4")
class InstallerIT {
  private final EngineClient engine = EngineClient.connect(EngineConfig.local());
  private final PrivateKeyRing keys = PrivateKeyRing.create();
  @TempDir private Path temp;
  private RealHaproxy haproxy;
  private Installer installer;

  @BeforeEach
  void start() throws Exception {
    HaproxySettings settings =
        new HaproxySettings(
            temp.toString(),
            "127.0.0.1",
            Ports.free(),
            Ports.free(),
            80,
            443,
            Duration.ofSeconds(5));
    haproxy =
        new RealHaproxy(engine, temp, (Integer) Files.getAttribute(temp, "unix:uid"), Map.of());
    HaproxyDisk disk =
        new HaproxyDisk(
            new EdgeDirectory(temp, -1),
            settings,
            new ContainerConfigChecker(engine, Filters.of("id", haproxy.id())));
    disk.bootstrap(Clock.systemUTC());
    installer = new Installer(disk);
  }

  @AfterEach
  void end() {
    haproxy.close();
    engine.close();
  }

  @Test
  void what_haproxy_would_not_start_with_is_found_among_the_rest_and_not_installed()
      throws Exception {
    run();
    KeyPair weak = TestCertificates.weak();
    Target target = target(weak);

    Installer.Outcome outcome = installer.install(target, true);

    assertThat(outcome).isInstanceOf(Installer.Outcome.Spoiled.class);
    assertThat(((Installer.Outcome.Spoiled) outcome).guilty())
        .containsOnlyKeys("certificate/bad.test")
        .allSatisfy((key, r) -> assertThat(r.reason()).contains("key too small"));
    assertThat(Files.readString(temp.resolve("haproxy.cfg"))).doesNotContain("backend b_r0");
    assertThat(temp.resolve("next")).doesNotExist();
  }

  @Test
  void what_nobody_can_check_is_installed_only_if_a_running_haproxy_has_taken_it()
      throws Exception {
    Target target = target(TestCertificates.ec());

    Exception refused = null;
    try {
      installer.install(target, false);
    } catch (ConfigChecker.UnavailableException e) {
      refused = e;
    }
    Installer.Outcome proven = installer.install(target, true);

    assertThat(refused).hasMessageContaining("no container of HAProxy runs");
    assertThat(proven).isInstanceOf(Installer.Outcome.Installed.class);
    run();
    assertThat(ProxyState.desired(target.model()).backends()).hasSize(10);
    assertThat(haproxy.ask("show backend")).contains("b_r0", "b_r9");
  }

  @Test
  void what_was_damaged_on_disk_is_written_anew_from_the_same_target() throws Exception {
    run();
    Target target = target(TestCertificates.ec());
    installer.install(target, true);
    String whole = Files.readString(temp.resolve("haproxy.cfg"));
    Files.writeString(temp.resolve("haproxy.cfg"), "damaged");

    installer.forget();
    Installer.Outcome outcome = installer.install(target, true);

    assertThat(outcome).isInstanceOf(Installer.Outcome.Installed.class);
    assertThat(temp.resolve("haproxy.cfg")).hasContent(whole);
    assertThat(temp.resolve("last-good/haproxy.cfg")).hasContent(whole);
    assertThat(temp.resolve("last-good/certs/c_good.test.pem"))
        .hasSameTextualContentAs(temp.resolve("certs/c_good.test.pem"));
  }

  private void run() {
    haproxy.start();
    await()
        .atMost(Duration.ofSeconds(20))
        .ignoreExceptions()
        .until(() -> haproxy.process() != null);
  }

  private Target target(KeyPair spoiling) throws Exception {
    Map<String, Route> routes = new HashMap<>();
    Map<String, Backend> backends = new HashMap<>();
    Map<String, CertificateRef> refs = new HashMap<>();
    Map<String, PemBundle> bundles = new HashMap<>();
    for (int i = 0; i < 10; i++) {
      routes.put("r" + i, web("r" + i, 1, host("h" + i + ".test")));
      backends.put("r" + i, backend("r" + i, ready("t", 8080)));
    }
    KeyPair good = TestCertificates.ec();
    for (var e : Map.of("good.test", good, "bad.test", spoiling).entrySet()) {
      Certificate c =
          TestCertificates.certificate(
              e.getKey(), 1, keys.publicKeys(), e.getValue(), e.getValue());
      byte[] key = keys.open(c.privateKey(), Certificate.sealingContext(c.name(), 1));
      PemBundle bundle = PemBundle.of(c.chain(), new String(key, StandardCharsets.US_ASCII));
      bundles.put(c.name(), bundle);
      refs.put(c.name(), new CertificateRef(c.name(), bundle.fingerprint()));
    }
    return new Target(EdgeModel.of(routes, backends, refs, Map.of()), bundles);
  }
}
