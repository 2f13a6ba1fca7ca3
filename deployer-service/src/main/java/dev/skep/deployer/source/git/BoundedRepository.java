package dev.skep.deployer.source.git;

import java.io.File;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.transport.PackParser;

/**
 * A bare repository that takes in no more than it is told: the other side decides what it sends.
 */
final class BoundedRepository extends FileRepository {
  private final Limits limits;
  private final Talk talk;

  /**
   * @param talk is told what of all that a host sends is the commit
   */
  BoundedRepository(File directory, Limits limits, Talk talk) throws IOException {
    super(directory);
    this.limits = limits;
    this.talk = talk;
  }

  @Override
  public ObjectInserter newObjectInserter() {
    ObjectInserter inner = super.newObjectInserter();
    return new ObjectInserter.Filter() {
      @Override
      protected ObjectInserter delegate() {
        return inner;
      }

      @Override
      public PackParser newPackParser(InputStream in) throws IOException {
        PackParser parser = inner.newPackParser(new BoundedStream(talk.packed(in), limits));
        parser.setMaxObjectSizeLimit(limits.objectBytes());
        return parser;
      }
    };
  }

  /** Tells of too much instead of handing it on. */
  static final class TooLargeException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLargeException(String message) {
      super(message);
    }
  }

  private static final class BoundedStream extends FilterInputStream {
    private final Limits limits;
    private final long end;
    private long read;

    BoundedStream(InputStream in, Limits limits) {
      super(in);
      this.limits = limits;
      this.end = System.nanoTime() + limits.time().toNanos();
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = super.read(into, from, length);
      count(Math.max(0, n));
      return n;
    }

    private void count(int n) throws IOException {
      read += n;
      if (read > limits.packBytes()) {
        throw new TooLargeException(
            "more than %d bytes are sent; keep large files elsewhere"
                .formatted(limits.packBytes()));
      }
      if (System.nanoTime() - end > 0) {
        // A host that sends byte by byte is never late with the next one.
        throw new TooLargeException(
            "it did not come within %d s".formatted(limits.time().toSeconds()));
      }
    }
  }
}
