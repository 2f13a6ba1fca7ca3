package dev.skep.deployer.source.git;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a host says besides the commit itself: the names of branches and tags, which a repository
 * may have without end, and messages. All of it is kept in memory. One for each session;
 * thread-safe.
 */
final class Talk {
  /** The most bytes of it: some 50,000 names, of hosts that tell all of them. */
  static final long MOST_BYTES = 4L * 1024 * 1024;

  private final AtomicLong bytes = new AtomicLong();

  /** What comes from the host, in clear; fails once it is too much. */
  InputStream heard(InputStream in) {
    return new Counted(
        in,
        n -> {
          if (bytes.addAndGet(n) > MOST_BYTES) {
            throw new TooMuchException();
          }
        });
  }

  /** The part of what was heard that is the commit, which is bounded by itself. */
  InputStream packed(InputStream in) {
    return new Counted(in, n -> bytes.addAndGet(-n));
  }

  /** Tells of too much instead of handing it on. The message is for the user. */
  static final class TooMuchException extends IOException {
    private static final long serialVersionUID = 1L;

    TooMuchException() {
      super(
          "the host sends more than %d bytes besides the commit; remove branches and tags that"
                  .formatted(MOST_BYTES)
              + " nobody needs");
    }
  }

  private interface Counter {
    void count(long n) throws IOException;
  }

  private static final class Counted extends FilterInputStream {
    private final Counter counter;

    Counted(InputStream in, Counter counter) {
      super(in);
      this.counter = counter;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      counter.count(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = super.read(into, from, length);
      counter.count(Math.max(0, n));
      return n;
    }

    @Override
    public long skip(long length) throws IOException {
      long n = super.skip(length);
      counter.count(n);
      return n;
    }

    @Override
    public boolean markSupported() {
      return false;
    }
  }
}
