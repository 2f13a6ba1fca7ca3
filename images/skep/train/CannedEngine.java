package dev.skep.images.train;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/**
 * Answers as an Engine would that runs one labelled service, and accepts every change without
 * making it: a build has no Engine of its own, and what is recorded is which classes are loaded.
 */
final class CannedEngine implements AutoCloseable {
  /** What the service of the answers was deployed from. */
  static final String STACK =
      """
      services:
        whoami:
          image: whoami:1
          environment: {MODE: training}
          networks: [front]
          volumes: ["data:/data"]
          deploy:
            replicas: 2
            update_config: {parallelism: 1, order: start-first}
            labels:
              traefik.enable: "true"
              traefik.http.routers.whoami.rule: Host(`whoami.localhost`)
              traefik.http.routers.whoami.entrypoints: websecure
              traefik.http.routers.whoami.tls: "true"
              traefik.http.services.whoami.loadbalancer.server.port: "8080"
      networks:
        front: {external: true, name: skep-edge}
      volumes:
        data:
      """;

  private static final String SPEC =
      """
      {"Name":"training_whoami","Labels":{"com.docker.stack.namespace":"training","traefik.enable":"true",
      "traefik.http.routers.whoami.rule":"Host(`whoami.localhost`)","traefik.http.routers.whoami.entrypoints":"websecure",
      "traefik.http.routers.whoami.tls":"true","traefik.http.services.whoami.loadbalancer.server.port":"8080"},
      "TaskTemplate":{"ContainerSpec":{"Image":"whoami:1","Env":["MODE=training"]},
      "Networks":[{"Target":"net1","Aliases":["whoami"]}]},"Mode":{"Replicated":{"Replicas":1}},
      "EndpointSpec":{"Mode":"dnsrr"}}
      """;

  private static final Map<String, String> ANSWERS =
      Map.of(
          "/_ping", "OK",
          "/version",
              "{\"Version\":\"28.5.2\",\"ApiVersion\":\"1.51\",\"MinAPIVersion\":\"1.24\",\"Os\":\"linux\"}",
          "/info",
              """
              {"ID":"engine1","Name":"training","ServerVersion":"28.5.2","NCPU":2,"MemTotal":1073741824,
              "Swarm":{"NodeID":"node1","NodeAddr":"192.0.2.1","LocalNodeState":"active","ControlAvailable":true,
              "Cluster":{"ID":"cluster1"}}}
              """,
          "/nodes",
              """
              [{"ID":"node1","Version":{"Index":9},"CreatedAt":"2026-01-01T00:00:00Z","UpdatedAt":"2026-01-01T00:00:00Z",
              "Spec":{"Labels":{"zone":"a"},"Role":"manager","Availability":"active"},
              "Description":{"Hostname":"training","Platform":{"Architecture":"x86_64","OS":"linux"},
              "Resources":{"NanoCPUs":2000000000,"MemoryBytes":1073741824},"Engine":{"EngineVersion":"28.5.2"}},
              "Status":{"State":"ready","Addr":"192.0.2.1"},
              "ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"192.0.2.1:2377"}}]
              """,
          "/services",
              """
              [{"ID":"service1","Version":{"Index":11},"CreatedAt":"2026-01-01T00:00:00Z","UpdatedAt":"2026-01-01T00:00:00Z",
              "Spec":%s,"Endpoint":{"Spec":{"Mode":"dnsrr"}},"ServiceStatus":{"RunningTasks":1,"DesiredTasks":1}}]
              """
                  .formatted(SPEC),
          "/tasks",
              """
              [{"ID":"task1","Version":{"Index":12},"CreatedAt":"2026-01-01T00:00:00Z","UpdatedAt":"2026-01-01T00:00:00Z",
              "Spec":{"ContainerSpec":{"Image":"whoami:1"}},"ServiceID":"service1","Slot":1,"NodeID":"node1",
              "Status":{"Timestamp":"2026-01-01T00:00:00Z","State":"running","Message":"started",
              "ContainerStatus":{"ContainerID":"container1","PID":4242,"ExitCode":0}},"DesiredState":"running",
              "NetworksAttachments":[{"Network":{"ID":"net1","Spec":{"Name":"skep-edge"}},"Addresses":["10.231.0.5/16"]}]}]
              """,
          "/networks",
              """
              [{"Name":"skep-edge","Id":"net1","Created":"2026-01-01T00:00:00Z","Scope":"swarm","Driver":"overlay",
              "EnableIPv6":false,"IPAM":{"Driver":"default","Config":[{"Subnet":"10.231.0.0/16","Gateway":"10.231.0.1"}]},
              "Internal":false,"Attachable":true,"Ingress":false,"Labels":{}}]
              """,
          "/containers/json",
              """
              [{"Id":"container1","Names":["/training_whoami.1.task1"],"Image":"whoami:1","State":"running",
              "Status":"Up 2 minutes (healthy)","Labels":{"com.docker.swarm.node.id":"node1",
              "com.docker.swarm.service.id":"service1","com.docker.swarm.task.id":"task1"}}]
              """,
          "/containers/container1/json",
              """
              {"Id":"container1","State":{"Status":"running","Running":true,"Pid":4242,"ExitCode":0,
              "StartedAt":"2026-01-01T00:00:00Z","Health":{"Status":"healthy"}},
              "Config":{"Labels":{"com.docker.swarm.node.id":"node1","com.docker.swarm.service.id":"service1",
              "com.docker.swarm.task.id":"task1"}}}
              """);

  private static final String[] EVENTS = {
    """
    {"Type":"container","Action":"start","Actor":{"ID":"container1","Attributes":{"com.docker.swarm.node.id":"node1",\
    "com.docker.swarm.service.id":"service1","com.docker.swarm.task.id":"task1","name":"training_whoami.1.task1"}},\
    "scope":"local","time":1767225600,"timeNano":1767225600000000000}
    """,
    """
    {"Type":"container","Action":"health_status: healthy","Actor":{"ID":"container1","Attributes":{\
    "com.docker.swarm.node.id":"node1","com.docker.swarm.service.id":"service1","com.docker.swarm.task.id":"task1"}},\
    "scope":"local","time":1767225601,"timeNano":1767225601000000000}
    """,
    """
    {"Type":"service","Action":"update","Actor":{"ID":"service1","Attributes":{"name":"training_whoami"}},\
    "scope":"swarm","time":1767225602,"timeNano":1767225602000000000}
    """,
  };

  private final ServerSocketChannel unix;
  private final ServerSocketChannel tcp;
  private final Path path;

  private CannedEngine(ServerSocketChannel unix, ServerSocketChannel tcp, Path path) {
    this.unix = unix;
    this.tcp = tcp;
    this.path = path;
  }

  /** Listens on a Unix socket and on a free port of loopback. */
  static CannedEngine listen(Path socket) throws IOException {
    ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    unix.bind(UnixDomainSocketAddress.of(socket));
    ServerSocketChannel tcp = ServerSocketChannel.open();
    tcp.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));
    CannedEngine engine = new CannedEngine(unix, tcp, socket);
    Thread.ofVirtual().start(() -> accept(unix));
    Thread.ofVirtual().start(() -> accept(tcp));
    return engine;
  }

  String unix() {
    return "unix://" + path;
  }

  String tcp() throws IOException {
    SocketAddress address = tcp.getLocalAddress();
    return "tcp://127.0.0.1:" + ((InetSocketAddress) address).getPort();
  }

  private static void accept(ServerSocketChannel server) {
    while (true) {
      try {
        SocketChannel client = server.accept();
        // Platform threads: a blocked Unix socket would hold a carrier.
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void serve(SocketChannel client) {
    try (client) {
      InputStream in = new BufferedInputStream(Channels.newInputStream(client));
      OutputStream out = Channels.newOutputStream(client);
      while (true) {
        String[] request = line(in).split(" ", 3);
        if (request.length < 3) {
          return;
        }
        skipBody(in);
        String target = request[1].replaceFirst("\\?.*", "").replaceFirst("^/v1\\.\\d+", "");
        if (target.equals("/events")) {
          stream(out);
        }
        answer(out, request[0], target);
      }
    } catch (IOException e) {
      // The client is gone, or the training over.
    }
  }

  private static void answer(OutputStream out, String method, String target) throws IOException {
    String body = ANSWERS.get(target);
    int status = 200;
    if (!method.equals("GET") && !method.equals("HEAD")) {
      status = target.endsWith("/create") ? 201 : 200;
      body = "{\"ID\":\"made1\",\"Id\":\"made1\",\"Warnings\":null}";
    } else if (body == null && target.startsWith("/services/")) {
      body = ANSWERS.get("/services").strip().replaceFirst("^\\[", "").replaceFirst("\\]$", "");
    } else if (body == null && (target.equals("/configs") || target.equals("/secrets"))) {
      body = "[]";
    } else if (body == null) {
      status = 404;
      body = "{\"message\":\"no such thing in the training\"}";
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String type = target.equals("/_ping") ? "text/plain" : "application/json";
    out.write(
        "HTTP/1.1 %d X\r\nApi-Version: 1.51\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(status, type, bytes.length)
            .getBytes(StandardCharsets.US_ASCII));
    if (!method.equals("HEAD")) {
      out.write(bytes);
    }
    out.flush();
  }

  /** Some events again and again, until the client goes. */
  private static void stream(OutputStream out) throws IOException {
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
            .getBytes(StandardCharsets.US_ASCII));
    while (true) {
      for (String event : EVENTS) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        out.write("%x\r\n".formatted(bytes.length).getBytes(StandardCharsets.US_ASCII));
        out.write(bytes);
        out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        try {
          Thread.sleep(500);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return;
        }
      }
    }
  }

  /** Reads the head's rest and what follows it. */
  private static void skipBody(InputStream in) throws IOException {
    long length = 0;
    boolean chunked = false;
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      String lower = line.toLowerCase(Locale.ROOT);
      if (lower.startsWith("content-length:")) {
        length = Long.parseLong(lower.substring(15).strip());
      }
      chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
    }
    in.skipNBytes(length);
    while (chunked) {
      int size = Integer.parseInt(line(in).strip(), 16);
      in.skipNBytes(size);
      line(in);
      chunked = size > 0;
    }
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        throw new EOFException();
      }
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    unix.close();
    tcp.close();
  }
}
