package dev.skep.deployer.source.git;

import java.io.IOException;
import org.eclipse.jgit.errors.ConfigInvalidException;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * Keeps Git's library from what this machine's users have set up for themselves: no configuration
 * but a repository's own is read, none is written, and no variable of the process is looked at.
 */
final class QuietSystem extends SystemReader.Delegate {
  private QuietSystem(SystemReader system) {
    super(system);
  }

  /** Makes it so for the whole process, once. */
  static synchronized void install() {
    if (!(SystemReader.getInstance() instanceof QuietSystem)) {
      SystemReader.setInstance(new QuietSystem(SystemReader.getInstance()));
    }
  }

  @Override
  public String getenv(String variable) {
    return null;
  }

  @Override
  public FileBasedConfig openUserConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openSystemConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  @Override
  public FileBasedConfig openJGitConfig(Config parent, FS fs) {
    return new Empty(parent, fs);
  }

  private static final class Empty extends FileBasedConfig {
    Empty(Config parent, FS fs) {
      super(parent, null, fs);
    }

    @Override
    public void load() throws IOException, ConfigInvalidException {
      // There is no file.
    }

    @Override
    public void save() throws IOException {
      // Nor is one made.
    }

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
