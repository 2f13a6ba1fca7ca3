package dev.skep.cert.support;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.skep.model.Codecs;
import dev.skep.model.cert.CertificateEntry;
import dev.skep.model.cert.Issuer;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.StorePosition;
import dev.skep.model.edge.StorePosition.Position;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.TopicView;
import dev.skep.runtime.kafka.Write;
import dev.skep.runtime.kafka.Writer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What matters of an edge to a CA: an HTTP server that answers any challenge from the thumbprint in
 * the issuer's record alone, and a status that says when it has applied that record.
 */
public final class AnsweringEdge implements AutoCloseable {
  private static final String CHALLENGES = "/.well-known/acme-challenge/";

  private final Platform platform;
  private final HttpServer server;
  private final TopicView<CertificateEntry> view;
  private final Writer writer;
  private final AtomicInteger asked = new AtomicInteger();
  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile String thumbprint;

  private AnsweringEdge(Platform platform, HttpServer server) {
    this.platform = platform;
    this.server = server;
    writer = Writer.open(platform, "edge-agent-e1");
    view =
        TopicView.open(
            platform, "edge-agent", Topics.CERTIFICATES, Codecs.CERTIFICATES, this::apply);
  }

  public static AnsweringEdge start(Platform platform, int port) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    AnsweringEdge edge = new AnsweringEdge(platform, server);
    server.createContext(CHALLENGES, edge::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return edge;
  }

  /** Challenges are not answered until {@link #release}. */
  public void hold() {
    held = new CountDownLatch(1);
  }

  public void release() {
    held.countDown();
  }

  /** How many challenges were asked for. */
  public int asked() {
    return asked.get();
  }

  @Override
  public void close() {
    release();
    server.stop(0);
    view.close();
    writer.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    asked.incrementAndGet();
    try (exchange) {
      if (!held.await(60, TimeUnit.SECONDS)) {
        throw new IOException("held for too long");
      }
      String token = exchange.getRequestURI().getPath().substring(CHALLENGES.length());
      byte[] body = (token + "." + thumbprint).getBytes(StandardCharsets.US_ASCII);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void apply(TopicView.Change<CertificateEntry> change) {
    if (change.after() instanceof Issuer issuer && issuer.thumbprint() != null) {
      thumbprint = issuer.thumbprint();
      Position position = new Position(view.topicId(), change.offset());
      EdgeStatus status =
          new EdgeStatus(
              "e1",
              "responder",
              new StorePosition(Map.of(Topics.CERTIFICATES.name(), position)),
              0,
              0,
              0,
              Map.of(),
              List.of(),
              List.of(),
              platform.clock().instant());
      writer.publish(
          List.of(
              Write.put(Topics.EDGE_STATUS, Codecs.EDGE_STATUS, "e1", status, "updated", null)));
    }
  }
}
