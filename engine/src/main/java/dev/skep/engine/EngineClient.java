package dev.skep.engine;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.engine.Transport.BodyReader;
import dev.skep.engine.Transport.Call;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The Engine API: JSON trees in and out, one typed method for each call that Skep makes and a
 * generic one for the rest. Safe for concurrent use; every method blocks, so call it on virtual
 * threads. Nothing blocks for ever: a call that does not stream ends within the configured timeout.
 *
 * <p>All methods throw {@link EngineException}. Ids and names are encoded; an answer without a body
 * is a missing node, never null.
 */
public final class EngineClient implements AutoCloseable {
  /** A registry may be slow, and the Engine asks it while we wait. */
  private static final Duration REGISTRY_TIMEOUT = Duration.ofSeconds(60);

  /** Leaves the body open: the transport reads it to its end. */
  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);

  private static final ObjectReader TREE = MAPPER.readerFor(JsonNode.class);

  private final EngineConfig config;
  private final Transport transport;
  private final VersionNegotiator versions;

  private EngineClient(EngineConfig config) {
    this.config = config;
    this.transport = new Transport(config);
    this.versions = new VersionNegotiator(this::version);
  }

  /** A client for one Engine. Does nothing until the first call. */
  public static EngineClient connect(EngineConfig config) {
    return new EngineClient(config);
  }

  /** Where the Engine is. */
  public EngineConfig config() {
    return config;
  }

  /** The API version that both sides speak: 1.41 or newer. Asks the Engine if it is not known. */
  public String apiVersion() {
    return versions.current().toString();
  }

  // -- generic calls

  /**
   * GET.
   *
   * @param path without a version: {@code /services}
   */
  public JsonNode get(String path, Query query) {
    return call("GET", path, query, null, Map.of(), config.timeout(), EngineClient::tree);
  }

  /**
   * GET of an array, element by element: for lists too long to hold as trees.
   *
   * @param each called by another thread, in the array's order; what it throws ends the call
   */
  public void forEach(String path, Query query, Consumer<JsonNode> each) {
    call(
        "GET",
        path,
        query,
        null,
        Map.of(),
        config.timeout(),
        body -> {
          elements(body, each);
          return null;
        });
  }

  /**
   * POST.
   *
   * @param body null for none
   */
  public JsonNode post(String path, Query query, JsonNode body, Map<String, String> headers) {
    return post(path, query, body, headers, config.timeout());
  }

  /**
   * POST that may take longer than other calls.
   *
   * @param body null for none
   */
  public JsonNode post(
      String path, Query query, JsonNode body, Map<String, String> headers, Duration timeout) {
    return call("POST", path, query, body, headers, timeout, EngineClient::tree);
  }

  /** DELETE. */
  public JsonNode delete(String path, Query query) {
    return call("DELETE", path, query, null, Map.of(), config.timeout(), EngineClient::tree);
  }

  // -- reads

  /** GET /info: the Engine, and its place in the Swarm. */
  public JsonNode info() {
    return get("/info", Query.none());
  }

  /** GET /version, which every version of the API answers. */
  public JsonNode version() {
    Call call = new Call("GET", "/version", null, Map.of());
    return transport.exchange(call, config.timeout(), EngineClient::tree);
  }

  /** GET /_ping: whether the Engine answers at all. */
  public void ping() {
    Call call = new Call("GET", "/_ping", null, Map.of());
    transport.exchange(call, config.timeout(), InputStream::readAllBytes);
  }

  /** The Swarm's nodes. */
  public JsonNode nodes() {
    return get("/nodes", Query.none());
  }

  /**
   * The Swarm's services.
   *
   * @param status whether each carries its ServiceStatus: counts of running and desired tasks
   */
  public JsonNode services(boolean status) {
    return services(status, Filters.none());
  }

  /** Some of the Swarm's services. */
  public JsonNode services(boolean status, Filters filters) {
    return get("/services", Query.none().and("status", status ? "true" : null).and(filters));
  }

  /** One service. */
  public JsonNode service(String idOrName) {
    return get("/services/" + segment(idOrName), Query.none());
  }

  /** The Swarm's tasks. */
  public JsonNode tasks(Filters filters) {
    return get("/tasks", Query.of(filters));
  }

  /** Networks of the Swarm and of this node. */
  public JsonNode networks() {
    return networks(Filters.none());
  }

  /** Some networks; {@code Filters.of("scope", "swarm")} leaves this node's own out. */
  public JsonNode networks(Filters filters) {
    return get("/networks", Query.of(filters));
  }

  /** The Swarm's secrets, without their data. */
  public JsonNode secrets() {
    return get("/secrets", Query.none());
  }

  /** The Swarm's configs, with their data in base64. */
  public JsonNode configs() {
    return get("/configs", Query.none());
  }

  /** This node's containers, of which those that ended only if the filters ask for them. */
  public JsonNode containers(Filters filters) {
    return get("/containers/json", Query.of(filters));
  }

  // -- services

  /**
   * Creates a service.
   *
   * @param auth for its image's registry; null if none is needed
   * @return ID, and Warning if there is one
   */
  public JsonNode createService(JsonNode spec, RegistryAuth auth) {
    return post("/services/create", Query.none(), spec, headers(auth));
  }

  /**
   * Replaces a service's spec.
   *
   * @param versionIndex Version.Index as it was read; if the service has changed since, the call
   *     fails with {@link EngineException#isOutOfSequence()}
   * @param auth for its image's registry; null if none is needed, or if it is kept
   * @param registryAuthFrom {@code spec} or {@code previous-spec}: where to take the credentials
   *     from if {@code auth} is null; null for the Engine's default
   * @return Warnings, or null in their place
   */
  public JsonNode updateService(
      String id, long versionIndex, JsonNode spec, RegistryAuth auth, String registryAuthFrom) {
    Query query = version(versionIndex).and("registryAuthFrom", registryAuthFrom);
    return post("/services/" + segment(id) + "/update", query, spec, headers(auth));
  }

  /**
   * Goes back to the service's PreviousSpec.
   *
   * @param spec the current spec, as the Engine demands one
   */
  public JsonNode rollbackService(String id, long versionIndex, JsonNode spec) {
    Query query = version(versionIndex).and("rollback", "previous");
    return post("/services/" + segment(id) + "/update", query, spec, Map.of());
  }

  /** Removes a service; its tasks end afterwards. */
  public JsonNode removeService(String id) {
    return delete("/services/" + segment(id), Query.none());
  }

  // -- networks, secrets, configs

  /** Creates a network; answers Id. */
  public JsonNode createNetwork(JsonNode body) {
    return post("/networks/create", Query.none(), body, Map.of());
  }

  /** Removes a network that nothing uses. */
  public JsonNode removeNetwork(String id) {
    return delete("/networks/" + segment(id), Query.none());
  }

  /** Creates a secret; answers ID. */
  public JsonNode createSecret(JsonNode spec) {
    return post("/secrets/create", Query.none(), spec, Map.of());
  }

  /** Changes a secret's labels, which is all that the Engine allows. */
  public JsonNode updateSecret(String id, long versionIndex, JsonNode spec) {
    return post("/secrets/" + segment(id) + "/update", version(versionIndex), spec, Map.of());
  }

  /** Removes a secret that nothing uses. */
  public JsonNode removeSecret(String id) {
    return delete("/secrets/" + segment(id), Query.none());
  }

  /** Creates a config; answers ID. */
  public JsonNode createConfig(JsonNode spec) {
    return post("/configs/create", Query.none(), spec, Map.of());
  }

  /** Changes a config's labels, which is all that the Engine allows. */
  public JsonNode updateConfig(String id, long versionIndex, JsonNode spec) {
    return post("/configs/" + segment(id) + "/update", version(versionIndex), spec, Map.of());
  }

  /** Removes a config that nothing uses. */
  public JsonNode removeConfig(String id) {
    return delete("/configs/" + segment(id), Query.none());
  }

  /**
   * What the image's registry says of it: Descriptor with its digest, and Platforms. May take up to
   * a minute.
   *
   * @param auth null if the registry needs none
   */
  public JsonNode inspectDistribution(String image, RegistryAuth auth) {
    String path = "/distribution/" + segment(image).replace("%2F", "/") + "/json";
    return call(
        "GET", path, Query.none(), null, headers(auth), REGISTRY_TIMEOUT, EngineClient::tree);
  }

  // -- streams

  /**
   * Runs a command in a container and waits for its end.
   *
   * @param timeout for the command; if it is over, the command goes on unseen
   */
  public ExecResult execInContainer(String containerId, List<String> cmd, Duration timeout) {
    ObjectNode create = MAPPER.createObjectNode().put("AttachStdout", true);
    create.put("AttachStderr", true).set("Cmd", MAPPER.valueToTree(cmd));
    String path = "/containers/" + segment(containerId) + "/exec";
    String id = post(path, Query.none(), create, Map.of()).path("Id").asText();
    ObjectNode start = MAPPER.createObjectNode().put("Detach", false).put("Tty", false);
    ExecOutput output =
        call(
            "POST",
            "/exec/" + id + "/start",
            Query.none(),
            start,
            Map.of(),
            timeout,
            ExecOutput::read);
    int exitCode = get("/exec/" + id + "/json", Query.none()).path("ExitCode").asInt(-1);
    return new ExecResult(exitCode, output.stdout(), output.stderr());
  }

  /**
   * Follows the Engine's events on a thread of its own. Returns at once, whether or not the Engine
   * is there: the listener learns of it.
   *
   * @param since replays what the Engine still remembers since then (its last 256 events, by its
   *     own clock); null for none
   */
  public EventStream events(Instant since, Filters filters, EventListener listener) {
    String from =
        since == null
            ? null
            : String.format(Locale.ROOT, "%d.%09d", since.getEpochSecond(), since.getNano());
    Query query = Query.none().and("since", from).and(filters);
    return EventStream.start(this, query, listener);
  }

  /**
   * The log of a service, of which nothing is read yet.
   *
   * @param tty whether its containers have a terminal, by their spec: the form depends on it
   */
  public LogStream serviceLogs(String idOrName, boolean tty, LogOptions options) {
    return new LogStream(this, "/services/" + segment(idOrName) + "/logs", tty, options);
  }

  /**
   * The log of one task, of which nothing is read yet.
   *
   * @param tty whether its container has a terminal, by its spec: the form depends on it
   */
  public LogStream taskLogs(String id, boolean tty, LogOptions options) {
    return new LogStream(this, "/tasks/" + segment(id) + "/logs", tty, options);
  }

  @Override
  public void close() {
    transport.close();
  }

  // -- how calls are made

  /** A streaming GET whose body the caller reads; only its head is limited in time. */
  Transport transport() {
    return transport;
  }

  Call versioned(String path, Query query) {
    return versioned("GET", path, query, null, Map.of());
  }

  /** What a failure of any call teaches about the negotiated version. */
  void learn(EngineException e) {
    if (e.isUnreachable() || VersionNegotiator.refused(e)) {
      versions.forget();
    }
  }

  private Call versioned(
      String method, String path, Query query, JsonNode body, Map<String, String> headers) {
    return new Call(method, "/v" + versions.current() + path + query.encoded(), body, headers);
  }

  private <T> T call(
      String method,
      String path,
      Query query,
      JsonNode body,
      Map<String, String> headers,
      Duration timeout,
      BodyReader<T> reader) {
    try {
      return transport.exchange(versioned(method, path, query, body, headers), timeout, reader);
    } catch (EngineException e) {
      learn(e);
      if (!VersionNegotiator.refused(e)) {
        throw e;
      }
    }
    // Refused before anything was done: the Engine was replaced by one of another version.
    return transport.exchange(versioned(method, path, query, body, headers), timeout, reader);
  }

  private static Query version(long index) {
    return Query.of("version", Long.toString(index));
  }

  private static Map<String, String> headers(RegistryAuth auth) {
    return auth == null ? Map.of() : Map.of("X-Registry-Auth", auth.header());
  }

  private static String segment(String s) {
    return URLEncoder.encode(s, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static JsonNode tree(InputStream body) throws IOException {
    JsonNode tree = MAPPER.readTree(body);
    return tree == null ? MissingNode.getInstance() : tree;
  }

  private static void elements(InputStream body, Consumer<JsonNode> each) throws IOException {
    try (JsonParser parser = MAPPER.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new IOException("the answer is not a JSON array");
      }
      while (parser.nextToken() == JsonToken.START_OBJECT) {
        each.accept(TREE.readValue(parser));
      }
    }
  }
}
