package dev.skep.deployer.source.git;

import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.internal.JGitText;
import org.eclipse.jgit.lib.EmptyProgressMonitor;

/** Ends a fetch that takes too long or brings too many objects. */
final class Watch extends EmptyProgressMonitor {
  private final long end;
  private final Limits limits;
  private volatile String reason = "";

  Watch(Limits limits) {
    this.limits = limits;
    this.end = System.nanoTime() + limits.time().toNanos();
  }

  @Override
  public void beginTask(String title, int totalWork) {
    // What hosts tell of their own work counts other things, too: bytes, for one.
    if (title.equals(JGitText.get().receivingObjects) && totalWork > limits.objects()) {
      reason =
          "the commit has more than %d files and folders; use a smaller repository"
              .formatted(limits.objects());
    }
  }

  @Override
  public boolean isCancelled() {
    if (reason.isEmpty() && System.nanoTime() - end > 0) {
      reason =
          "the commit did not come within %d s"
              .formatted(TimeUnit.NANOSECONDS.toSeconds(limits.time().toNanos()));
    }
    return !reason.isEmpty();
  }

  /** Why the fetch was ended; "" if it was not. */
  String reason() {
    return reason;
  }
}
