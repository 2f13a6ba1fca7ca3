package dev.skep.deployer.source.git;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.util.zip.GZIPInputStream;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;

/** Counts what is said by HTTPS. */
record HttpsTalk(Talk talk) implements HttpConnectionFactory {
  @Override
  public HttpConnection create(URL url) throws IOException {
    return create(url, Proxy.NO_PROXY);
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return new Connection(url, proxy, talk);
  }

  /** Unpacks by itself: what is counted must be what is kept, and zeros pack well. */
  private static final class Connection extends JDKHttpConnection {
    private static final String ENCODING = "Content-Encoding";

    private final Talk talk;
    private InputStream heard;

    Connection(URL url, Proxy proxy, Talk talk) throws IOException {
      super(url, proxy);
      this.talk = talk;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      if (heard == null) {
        InputStream in = super.getInputStream();
        String encoding = super.getHeaderField(ENCODING);
        boolean gzip = "gzip".equals(encoding) || "x-gzip".equals(encoding);
        heard = talk.heard(gzip ? new GZIPInputStream(in) : in);
      }
      return heard;
    }

    @Override
    public String getHeaderField(String name) {
      return name.equals(ENCODING) ? null : super.getHeaderField(name);
    }
  }
}
