package dev.skep.monitor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.skep.monitor");

  @Test
  void whatIsShownIsDecidedWithoutIo() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.skep.monitor.cluster", "dev.skep.monitor.status", "dev.skep.monitor.page")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "io.prometheus..",
            "dev.skep.runtime..",
            "java.net..",
            "java.io..",
            "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void metricsAreMadeWithoutIo() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.monitor.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "dev.skep.runtime..")
        .check(CLASSES);
  }

  @Test
  void theClusterKnowsNothingOfHowItIsShown() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.monitor.cluster")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.skep.monitor.metrics..",
            "dev.skep.monitor.status..",
            "dev.skep.monitor.page..",
            "dev.skep.monitor.http..")
        .check(CLASSES);
  }
}
