package dev.skep.testing;

import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Says on the console which tests were skipped and why: Maven only counts them. Found by the
 * platform as a service.
 */
public final class SkipReporter implements TestExecutionListener {
  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    System.out.println("Skipped " + test.getLegacyReportingName() + ": " + reason);
  }
}
