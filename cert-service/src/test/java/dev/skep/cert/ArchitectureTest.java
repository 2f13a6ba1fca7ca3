package dev.skep.cert;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.skep.cert");

  @Test
  void what_is_decided_knows_no_io() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.cert.policy")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "org.shredzone..",
            "org.bouncycastle..",
            "dev.skep.runtime..",
            "java.net.http..",
            "java.io..",
            "java.nio.file..")
        .check(CLASSES);
  }

  @Test
  void only_the_acme_package_knows_acme4j() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.skep.cert.acme")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.shredzone..")
        .check(CLASSES);
  }
}
