package dev.skep.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shape of the whole: docs/architecture.md says the same in words. */
class ArchitectureTest {
  private static final String[] SERVICES = {
    "dev.skep.inventory..",
    "dev.skep.deployer..",
    "dev.skep.edgeconfig..",
    "dev.skep.cert..",
    "dev.skep.monitor.."
  };

  /** Packages that hold rules, and no effects. */
  private static final String[] CORE = {
    "dev.skep.model..",
    "dev.skep.inventory.mapping..",
    "dev.skep.deployer.compose..",
    "dev.skep.deployer.convert..",
    "dev.skep.edgeconfig.labels..",
    "dev.skep.edgeconfig.routing..",
    "dev.skep.edge.haproxy..",
    "dev.skep.edge.traefik..",
    "dev.skep.cert.policy.."
  };

  private static JavaClasses all;

  @BeforeAll
  static void read() {
    all =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.skep");
  }

  @Test
  void servicesNeverImportEachOther() {
    for (String service : SERVICES) {
      List<String> others =
          List.of(SERVICES).stream().filter(other -> !other.equals(service)).toList();
      noClasses()
          .that()
          .resideInAPackage(service)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(others.toArray(String[]::new))
          .check(all);
    }
  }

  @Test
  void theCoreImportsNoIo() {
    noClasses()
        .that()
        .resideInAnyPackage(CORE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "com.github.dockerjava..",
            "org.shredzone.acme4j..",
            "dev.skep.engine..",
            "java.net.http..",
            "java.nio.channels..")
        .check(all);
  }

  @Test
  void everyCorePackageIsThere() {
    // A rule about a package that was renamed away would pass for ever.
    for (String core : CORE) {
      classes()
          .that()
          .resideInAPackage(core)
          .should()
          .bePublic()
          .orShould()
          .notBePublic()
          .check(all);
    }
  }

  @Test
  void onlyTheEngineModuleSpeaksToDocker() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.skep.engine..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("com.github.dockerjava..")
        .check(all);
  }

  @Test
  void nothingButTheCommandLineImportsIt() {
    noClasses()
        .that()
        .resideOutsideOfPackages("dev.skep.cli..", "dev.skep.benchmarks..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.skep.cli..")
        .check(all);
  }

  @Test
  void modulesHaveNoCycles() {
    slices().matching("dev.skep.(*)..").should().beFreeOfCycles().check(all);
  }
}
