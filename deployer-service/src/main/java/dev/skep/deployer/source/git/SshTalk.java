package dev.skep.deployer.source.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;

/** Counts what is said by SSH. */
final class SshTalk extends SshSessionFactory implements AutoCloseable {
  private final SshSessionFactory inner;
  private final Talk talk;

  SshTalk(SshSessionFactory inner, Talk talk) {
    this.inner = inner;
    this.talk = talk;
  }

  @Override
  public RemoteSession getSession(URIish uri, CredentialsProvider credentials, FS files, int millis)
      throws TransportException {
    return new Session((RemoteSession2) inner.getSession(uri, credentials, files, millis), talk);
  }

  @Override
  public String getType() {
    return inner.getType();
  }

  @Override
  public void close() {
    if (inner instanceof AutoCloseable closeable) {
      SshAccess.close(closeable);
    }
  }

  private record Session(RemoteSession2 inner, Talk talk) implements RemoteSession2 {
    @Override
    public Process exec(String command, int seconds) throws IOException {
      return new Command(inner.exec(command, seconds), talk);
    }

    @Override
    public Process exec(String command, Map<String, String> environment, int seconds)
        throws IOException {
      return new Command(inner.exec(command, environment, seconds), talk);
    }

    @Override
    public void disconnect() {
      inner.disconnect();
    }
  }

  private static final class Command extends Process {
    private final Process inner;
    private final InputStream output;
    private final InputStream errors;

    Command(Process inner, Talk talk) {
      this.inner = inner;
      this.output = talk.heard(inner.getInputStream());
      this.errors = talk.heard(inner.getErrorStream());
    }

    @Override
    public OutputStream getOutputStream() {
      return inner.getOutputStream();
    }

    @Override
    public InputStream getInputStream() {
      return output;
    }

    @Override
    public InputStream getErrorStream() {
      return errors;
    }

    @Override
    public int waitFor() throws InterruptedException {
      return inner.waitFor();
    }

    @Override
    public int exitValue() {
      return inner.exitValue();
    }

    @Override
    public void destroy() {
      inner.destroy();
    }
  }
}
