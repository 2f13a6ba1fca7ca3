package dev.skep.deployer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.skep.deployer");

  @Test
  void whatIsDecidedKnowsNoIo() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.skep.deployer.compose",
            "dev.skep.deployer.convert",
            "dev.skep.deployer.plan",
            "dev.skep.deployer.revision",
            "dev.skep.deployer.schedule",
            "dev.skep.deployer.task",
            "dev.skep.deployer.gate",
            "dev.skep.deployer.heal",
            "dev.skep.deployer.state")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "com.github.dockerjava..",
            "dev.skep.engine..",
            "dev.skep.runtime..",
            "java.net..")
        .check(CLASSES);
  }

  @Test
  void whatIsDecidedOfSourcesKnowsNoIo() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.skep.deployer.source.declare",
            "dev.skep.deployer.source.policy",
            "dev.skep.deployer.source.read",
            "dev.skep.deployer.source.hook")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "org.eclipse.jgit..",
            "dev.skep.engine..",
            "dev.skep.runtime..")
        .check(CLASSES);
  }

  @Test
  void whatIsDecidedOfImagesKnowsNoIo() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.deployer.image.policy")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "dev.skep.engine..",
            "dev.skep.runtime..",
            "java.net.http..")
        .check(CLASSES);
  }

  @Test
  void theApplierWorksWithoutABroker() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.skep.deployer.apply", "dev.skep.deployer.direct")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "dev.skep.runtime..")
        .check(CLASSES);
  }
}
