package dev.skep.deployer.source.git;

import dev.skep.deployer.source.declare.Source;
import dev.skep.deployer.source.read.Deadline;
import dev.skep.deployer.source.read.Snapshot;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.URIish;

/**
 * One connection to a repository: first it tells the newest commit, which is cheap, and then, if
 * anyone wants it, brings that commit alone, without its history. What it brings lies in a private
 * directory until it is closed. Not thread-safe.
 */
public final class GitSession implements AutoCloseable {
  private static final int READ_SECONDS = 30;

  /** How long a commit may be read once it is here. */
  static final Duration READING = Duration.ofMinutes(2);

  private final Source source;
  private final Limits limits;
  private final PrivateDirectory directory;
  private final BoundedRepository repository;
  private final Transport transport;
  private final Talk talk;
  private final HostCalls calls = new HostCalls();
  private FetchConnection connection;
  private Ref reference;
  private ObjectReader objects;

  private GitSession(
      Source source,
      Limits limits,
      PrivateDirectory directory,
      BoundedRepository repository,
      Transport transport,
      Talk talk) {
    this.source = source;
    this.limits = limits;
    this.directory = directory;
    this.repository = repository;
    this.transport = transport;
    this.talk = talk;
  }

  /**
   * Opens one and asks for the newest commit.
   *
   * @param work an existing directory in which a private one is made
   * @throws SourceException if the repository cannot be reached, or has no such branch or tag
   */
  public static GitSession open(Source source, Path work, Limits limits) throws SourceException {
    QuietSystem.install();
    PrivateDirectory directory = PrivateDirectory.in(work);
    GitSession session = null;
    try {
      Talk talk = new Talk();
      BoundedRepository repository = new BoundedRepository(directory.path().toFile(), limits, talk);
      repository.create(true);
      // Credentials are for the host that was declared, not for one that it points to.
      repository.getConfig().setString("http", null, "followRedirects", "false");
      Transport transport = Transport.open(repository, new URIish(source.url().text()));
      session = new GitSession(source, limits, directory, repository, transport, talk);
      session.calls.within(
          limits.time(),
          "%s did not tell its newest commit within %s; it is asked again later"
              .formatted(source.url(), seconds(limits.time())),
          session::connect);
      return session;
    } catch (SourceException e) {
      end(session, directory);
      throw e;
    } catch (IOException | URISyntaxException | RuntimeException e) {
      end(session, directory);
      throw explain(source, e);
    }
  }

  private static void end(GitSession session, PrivateDirectory directory) {
    if (session != null) {
      session.close();
    }
    directory.close();
  }

  private FetchConnection connect() throws IOException, SourceException {
    transport.setTimeout(READ_SECONDS);
    transport.setCheckFetchedObjects(true);
    transport.setDepth(1);
    Access.give(transport, source, talk);
    connection = transport.openFetch(List.of(new RefSpec(source.reference())));
    reference = connection.getRef(source.reference());
    if (reference == null || reference.getObjectId() == null) {
      throw new SourceException(
          source.reference().equals("HEAD")
              ? "the repository is empty; push a commit, or declare its 'branch'"
              : "the repository has no '%s'; push it, or declare another"
                  .formatted(source.reference()));
    }
    return connection;
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }

  /** What the branch or tag points to: changes whenever there is something new. */
  public String tip() {
    return reference.getObjectId().name();
  }

  /**
   * Brings the commit.
   *
   * @param clock by which it may be read for {@link #READING}, beginning when it is here
   * @return what it holds, to be read before this is closed
   * @throws SourceException if it is too large, takes too long, or is no commit
   */
  public Snapshot fetch(Clock clock) throws SourceException {
    Watch watch = new Watch(limits);
    try {
      return calls.within(
          limits.time(),
          "the commit did not come within " + seconds(limits.time()),
          () -> bring(watch, clock));
    } catch (IOException | RuntimeException e) {
      throw watch.reason().isEmpty() ? explain(source, e) : new SourceException(watch.reason(), e);
    }
  }

  private Snapshot bring(Watch watch, Clock clock) throws IOException, SourceException {
    connection.fetch(watch, List.of(reference), Set.of());
    objects = repository.newObjectReader();
    try (RevWalk walk = new RevWalk(objects)) {
      RevObject found = walk.parseAny(reference.getObjectId());
      for (int depth = 0; found instanceof RevTag tag && depth < 10; depth++) {
        found = walk.parseAny(tag.getObject());
      }
      if (!(found instanceof RevCommit commit)) {
        throw new SourceException(
            "'%s' is not a commit; declare a branch or another tag".formatted(source.reference()));
      }
      return new CommitSnapshot(
          commit.name(), commit.getTree().copy(), objects, new Deadline(READING, clock));
    }
  }

  /** In one line, with the innermost reason that says something. */
  private static SourceException explain(Source source, Exception e) {
    Throwable reason = e;
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof Talk.TooMuchException) {
        return new SourceException(source.url() + " cannot be read: " + t.getMessage(), e);
      }
      if (t instanceof BoundedRepository.TooLargeException
          || t instanceof TooLargeObjectInPackException) {
        return new SourceException(
            "the commit, or a file in it, is too large: %s".formatted(oneLine(t.getMessage())), e);
      }
      if (t.getMessage() != null && !t.getMessage().isBlank()) {
        reason = t;
      }
    }
    boolean plain = e instanceof TransportException || e instanceof NotSupportedException;
    String said = oneLine(plain && e.getMessage() != null ? e.getMessage() : reason.getMessage());
    String inner = reason == e || reason.getMessage() == null ? "" : oneLine(reason.getMessage());
    String both = inner.isEmpty() || said.contains(inner) ? said : said + ": " + inner;
    return new SourceException(
        "%s cannot be read: %s; %s".formatted(source.url(), both, Access.hint(source)), e);
  }

  private static String oneLine(String text) {
    String line = text == null ? "" : text.replaceAll("\\s+", " ").strip();
    return line.length() > 300 ? line.substring(0, 300) + "..." : line;
  }

  /** Ends it, and removes what it brought. */
  @Override
  public void close() {
    calls.close();
    if (objects != null) {
      objects.close();
    }
    if (connection != null) {
      connection.close();
    }
    transport.close();
    Access.end(transport);
    repository.close();
    directory.close();
  }
}
