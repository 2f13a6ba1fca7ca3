package dev.skep.deployer.apply;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/**
 * A simulation of an Engine with more nodes than a test can have: a stack of services that run on
 * each node, and what Swarm keeps of the tasks before. Its lists are written as they are read.
 */
final class ManyTasks implements AutoCloseable {
  private static final String ENV = "\"SETTING=" + "x".repeat(1_000) + "\"";

  private final int services;
  private final int nodes;
  private final int history;
  private final HttpServer server;

  /**
   * Starts it.
   *
   * @param history how many tasks of each node have failed before the one that runs
   */
  ManyTasks(int services, int nodes, int history) throws IOException {
    this.services = services;
    this.nodes = nodes;
    this.history = history;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("tcp://127.0.0.1:" + server.getAddress().getPort());
  }

  static String name(int service) {
    return "big_s" + service;
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    String path = exchange.getRequestURI().getPath();
    try (OutputStream out = new BufferedOutputStream(exchange.getResponseBody(), 1 << 16)) {
      if (path.equals("/version")) {
        write(out, "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.12\"}");
      } else if (path.endsWith("/services")) {
        services(out);
      } else if (path.endsWith("/tasks")) {
        tasks(out);
      }
    }
  }

  private void services(OutputStream out) throws IOException {
    write(out, "[");
    for (int s = 0; s < services; s++) {
      write(
          out,
          (s == 0 ? "" : ",")
              + "{\"ID\":\"service%d\",\"Spec\":{\"Name\":\"%s\",\"Mode\":{\"Global\":{}},%s}}"
                  .formatted(s, name(s), "\"TaskTemplate\":" + template()));
    }
    write(out, "]");
  }

  private void tasks(OutputStream out) throws IOException {
    String rest = ",\"Spec\":" + template() + "}";
    write(out, "[");
    for (int s = 0; s < services; s++) {
      for (int n = 0; n < nodes; n++) {
        for (int h = 0; h <= history; h++) {
          boolean runs = h == history;
          write(
              out,
              (s + n + h == 0 ? "" : ",")
                  + "{\"ID\":\"task-%d-%d-%d\",\"ServiceID\":\"service%d\",\"NodeID\":\"node%d\""
                      .formatted(s, n, h, s, n)
                  + ",\"CreatedAt\":\"2026-03-01T10:0%d:00Z\",\"DesiredState\":\"%s\""
                      .formatted(h, runs ? "running" : "shutdown")
                  + ",\"Status\":{\"State\":\"%s\",\"Err\":\"%s\"}"
                      .formatted(runs ? "running" : "failed", runs ? "" : "task: non-zero exit (1)")
                  + rest);
        }
      }
    }
    write(out, "]");
  }

  private static String template() {
    return "{\"ContainerSpec\":{\"Image\":\"web:1\",\"Env\":[" + ENV + "]},\"Placement\":{}}";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
