package dev.skep.testing;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * This test needs a Docker Engine at {@code DOCKER_HOST} or {@code unix:///var/run/docker.sock}.
 * Without it the test is skipped with the reason; with {@code -Dskep.test.strict=true} it fails.
 *
 * <p>Other tests, also of another process, use the same Engine meanwhile: a test looks at what it
 * made itself, and touches nothing else.
 */
@Documented
@Inherited
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith({Requirements.class, EngineTurns.class})
public @interface RequiresEngine {
  /**
   * Whether no other test may use the Engine meanwhile: for what acts on all that it finds there,
   * such as a deployer that takes over every kept revision, and for what another's would take.
   */
  boolean alone() default false;
}
