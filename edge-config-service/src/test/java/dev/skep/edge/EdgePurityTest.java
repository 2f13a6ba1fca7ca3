package dev.skep.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class EdgePurityTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.skep.edge", "dev.skep.edge.haproxy", "dev.skep.edge.traefik");

  @Test
  void rendering_and_planning_do_no_io() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.skep.edge.haproxy", "dev.skep.edge.traefik")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.vertx..",
            "org.apache.kafka..",
            "com.github.dockerjava..",
            "dev.skep.runtime..",
            "dev.skep.engine..",
            "dev.skep.edge.agent..",
            "org.slf4j..",
            "java.nio.file..",
            "java.nio.channels..")
        .check(CLASSES);
  }

  @Test
  void the_agent_does_not_know_the_service_that_reads_labels() {
    noClasses()
        .that()
        .resideInAPackage("dev.skep.edge..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.skep.edgeconfig..")
        .check(CLASSES);
  }
}
