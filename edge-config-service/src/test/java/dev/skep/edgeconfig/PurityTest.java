package dev.skep.edgeconfig;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class PurityTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.skep.edgeconfig");

  @Test
  void labelsAndRoutingDoNoIo() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.skep.edgeconfig.labels", "dev.skep.edgeconfig.routing")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "com.github.dockerjava..",
            "dev.skep.runtime..",
            "dev.skep.engine..",
            "org.slf4j..",
            "java.io..",
            "java.nio..")
        .check(CLASSES);
  }

  @Test
  void theServiceDoesNotKnowTheAgent() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.edgeconfig..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.skep.edge..", "dev.skep.engine..")
        .check(CLASSES);
  }
}
