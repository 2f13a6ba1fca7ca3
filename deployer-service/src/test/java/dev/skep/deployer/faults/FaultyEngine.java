package dev.skep.deployer.faults;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A simulation of an Engine that fails: a proxy on loopback before the real one, which stops, cuts
 * or refuses calls as a test tells it. What it lets through is done by the real Engine.
 */
final class FaultyEngine implements AutoCloseable {
  private static final Duration FROZEN_WITHIN = Duration.ofSeconds(30);

  /**
   * A call as it came.
   *
   * @param path without the API's version
   * @param query decoded; "" for none
   */
  record Call(String method, String path, String query, String body) {
    /** Whether it lists the objects of a kind that have a stack's label. */
    boolean lists(String kind, String stack) {
      return method.equals("GET")
          && path.equals("/" + kind)
          && query.contains("com.docker.stack.namespace=" + stack);
    }

    boolean creates(String kind) {
      return method.equals("POST") && path.equals("/" + kind + "/create");
    }

    boolean updatesService() {
      return method.equals("POST") && path.startsWith("/services/") && path.endsWith("/update");
    }

    boolean removes(String kind) {
      return method.equals("DELETE") && path.startsWith("/" + kind + "/");
    }
  }

  /** What becomes of a call. */
  sealed interface Fate {
    /** As without the proxy. */
    record Through() implements Fate {}

    /** Its connection is closed without an answer, after the Engine has carried it out or not. */
    record Cut(boolean carriedOut) implements Fate {}

    /** There is no answer as long as the test lasts. */
    record Silence(boolean carriedOut) implements Fate {}

    /** The Engine does not see it. */
    record Refused(int status, String message) implements Fate {}
  }

  static final Fate THROUGH = new Fate.Through();

  private final UnixDomainSocketAddress engine;
  private final HttpServer server;
  private final List<Call> carriedOut = new CopyOnWriteArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Function<Call, Fate> fate = call -> THROUGH;
  private volatile Freeze freeze;

  /** Where everything stops. */
  private record Freeze(
      Predicate<Call> at,
      AtomicInteger left,
      boolean carriedOut,
      CountDownLatch begun,
      CountDownLatch ended,
      AtomicBoolean goesOn) {}

  /** An answer; each character of the body is a byte. */
  private record Answer(int status, String contentType, String body) {}

  FaultyEngine(URI engine) throws IOException {
    this.engine = UnixDomainSocketAddress.of(engine.getPath());
    server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  URI address() {
    return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Decides from now on what becomes of each call; asked by one thread at a time. */
  void decide(Function<Call, Fate> fate) {
    this.fate = fate;
  }

  /**
   * From the {@code nth} call of a kind on nothing comes through any more, whatever it is.
   *
   * @param carriedOut whether the Engine still sees that one call; nobody gets its answer
   */
  void freezeAt(int nth, boolean carriedOut, Predicate<Call> at) {
    freeze =
        new Freeze(
            at,
            new AtomicInteger(nth),
            carriedOut,
            new CountDownLatch(1),
            new CountDownLatch(1),
            new AtomicBoolean());
  }

  /** Waits until it has come to that. */
  void awaitFrozen() throws InterruptedException {
    if (!freeze.begun().await(FROZEN_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("the call at which everything stops did not come: " + carriedOut);
    }
  }

  /** Cuts all that was stopped and lets everything through that comes from now on. */
  void thaw() {
    end(false);
  }

  /** Lets everything through, what was stopped as well: to its sender it took long, and no more. */
  void goOn() {
    end(true);
  }

  private void end(boolean goesOn) {
    Freeze over = freeze;
    freeze = null;
    if (over != null) {
      over.goesOn().set(goesOn);
      over.ended().countDown();
    }
  }

  /** The calls that the Engine was asked to change something by, in the order of arrival. */
  List<Call> carriedOut() {
    return List.copyOf(carriedOut);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      URI uri = exchange.getRequestURI();
      Call call =
          new Call(
              exchange.getRequestMethod(),
              uri.getPath().replaceFirst("^/v1\\.[0-9]+", ""),
              uri.getRawQuery() == null
                  ? ""
                  : URLDecoder.decode(uri.getRawQuery(), StandardCharsets.UTF_8),
              new String(body, StandardCharsets.UTF_8));
      if (stopped(call, exchange, body)) {
        return;
      }
      switch (decided(call)) {
        case Fate.Through through -> answer(exchange, forward(call, exchange, body));
        case Fate.Cut(boolean carriedOut) -> {
          if (carriedOut) {
            forward(call, exchange, body);
          }
        }
        case Fate.Silence(boolean carriedOut) -> {
          if (carriedOut) {
            forward(call, exchange, body);
          }
          await(closed);
        }
        case Fate.Refused(int status, String message) ->
            answer(
                exchange,
                new Answer(status, "application/json", "{\"message\":\"" + message + "\"}"));
      }
    }
  }

  /** An exchange that is closed without an answer closes its connection. */
  private boolean stopped(Call call, HttpExchange exchange, byte[] body) throws IOException {
    Freeze now = freeze;
    if (now == null) {
      return false;
    }
    Answer answer = null;
    synchronized (now) {
      boolean began = now.begun().getCount() == 0;
      boolean last = !began && now.at().test(call) && now.left().decrementAndGet() == 0;
      if (!began && !last) {
        return false;
      }
      if (last && now.carriedOut()) {
        answer = forward(call, exchange, body);
      }
      now.begun().countDown();
    }
    await(now.ended());
    if (now.goesOn().get()) {
      answer(exchange, answer == null ? forward(call, exchange, body) : answer);
    }
    return true;
  }

  private synchronized Fate decided(Call call) {
    return fate.apply(call);
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static void answer(HttpExchange exchange, Answer answer) throws IOException {
    byte[] body = answer.body().getBytes(StandardCharsets.ISO_8859_1);
    exchange.getResponseHeaders().add("Content-Type", answer.contentType());
    exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  /** By HTTP 1.0: the answer's end is the connection's. */
  private Answer forward(Call call, HttpExchange exchange, byte[] body) throws IOException {
    if (!call.method().equals("GET") && !call.method().equals("HEAD")) {
      carriedOut.add(call);
    }
    StringBuilder head = new StringBuilder();
    head.append(
        "%s %s HTTP/1.0\r\nHost: docker\r\n".formatted(call.method(), exchange.getRequestURI()));
    for (String name : List.of("Content-Type", "X-Registry-Auth")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        head.append(name).append(": ").append(value).append("\r\n");
      }
    }
    head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (SocketChannel channel = SocketChannel.open(engine)) {
      write(channel, head.toString().getBytes(StandardCharsets.US_ASCII));
      write(channel, body);
      ByteBuffer buffer = ByteBuffer.allocate(16_384);
      while (channel.read(buffer) >= 0) {
        all.write(buffer.array(), 0, buffer.position());
        buffer.clear();
      }
    }
    return parsed(all.toByteArray());
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  private static Answer parsed(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    List<String> head = text.substring(0, end).lines().toList();
    String type =
        head.stream()
            .filter(line -> line.regionMatches(true, 0, "content-type:", 0, 13))
            .map(line -> line.substring(13).strip())
            .findFirst()
            .orElse("application/json");
    int status = Integer.parseInt(head.getFirst().split(" ", -1)[1]);
    return new Answer(status, type, text.substring(end + 4));
  }

  @Override
  public void close() {
    closed.countDown();
    thaw();
    server.stop(0);
  }
}
