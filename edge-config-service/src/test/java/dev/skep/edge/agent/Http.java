package dev.skep.edge.agent;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Clients that choose Host and SNI freely, and servers that say who they are. */
final class Http {
  /** An answer. */
  record Answer(int status, TreeMap<String, String> headers, String body) {}

  private Http() {}

  /** A server on loopback that answers with its name and what it was sent. */
  static HttpServer server(String name) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.createContext(
        "/",
        exchange -> {
          TreeMap<String, List<String>> headers = new TreeMap<>(exchange.getRequestHeaders());
          byte[] body = (name + " " + headers).getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return server;
  }

  static Answer get(int port, String host, String path, String... headers) throws IOException {
    return request("GET", port, host, path, headers);
  }

  static Answer request(String method, int port, String host, String path, String... headers)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return exchange(socket, method, host, path, headers);
    }
  }

  static Answer getTls(int port, String host, String path) throws IOException {
    try (SSLSocket socket = tls(port, host, "http/1.1")) {
      return exchange(socket, "GET", host, path);
    }
  }

  /** SHA-256 of the certificate that is served for a name. */
  static String fingerprint(int port, String host) throws IOException {
    try (SSLSocket socket = tls(port, host, "http/1.1")) {
      byte[] der = socket.getSession().getPeerCertificates()[0].getEncoded();
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(der));
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
  }

  static SSLContext trusting() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLSocket tls(int port, String host, String protocol) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setServerNames(List.of(new SNIHostName(host)));
    parameters.setApplicationProtocols(new String[] {protocol});
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(5000);
    socket.startHandshake();
    return socket;
  }

  private static Answer exchange(
      Socket socket, String method, String host, String path, String... headers)
      throws IOException {
    socket.setSoTimeout(10_000);
    StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\n");
    request.append("Host: ").append(host).append("\r\nConnection: close\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
    String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    int end = answer.indexOf("\r\n\r\n");
    if (end < 0) {
      throw new IOException("no answer: '" + answer + "'");
    }
    TreeMap<String, String> fields = new TreeMap<>();
    List<String> lines = answer.substring(0, end).lines().toList();
    lines.stream()
        .skip(1)
        .map(l -> l.split(": ", 2))
        .forEach(f -> fields.put(f[0].toLowerCase(Locale.ROOT), f[1]));
    return new Answer(
        Integer.parseInt(lines.getFirst().split(" ", 3)[1]), fields, answer.substring(end + 4));
  }

  /** For self-signed test certificates only: what is served is compared by fingerprint. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
