package dev.skep.deployer.image.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/**
 * Asks registries for the tags of a repository, as the distribution specification has it: page by
 * page, with the login that the registry asks for. By https, but for registries that were declared
 * otherwise; redirections are not followed, so that credentials go to no other host. Blocks; safe
 * for concurrent use.
 */
public final class RegistryClient implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final int LARGEST_PAGE = 4 * 1024 * 1024;
  private static final int LARGEST_TOKEN = 64 * 1024;
  private static final int MOST_PAGES = 50;
  private static final int PAGE = 1_000;
  private static final Duration TOO_MANY = Duration.ofMinutes(5);
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>\\s*;\\s*rel=\"?next\"?");

  /** Of images that are named without a registry. */
  private static final String HUB = "docker.io";

  private static final String HUB_HOST = "registry-1.docker.io";

  private final Set<String> insecure;
  private final Clock clock;
  private final Duration patience;
  private final HttpClient http;

  private record Page(int status, String body, HttpResponse<?> response) {}

  /**
   * A client.
   *
   * @param insecure the registries, host and port, that are asked by http
   * @param tls how all others are
   */
  public RegistryClient(Set<String> insecure, SSLContext tls, Clock clock) {
    this(insecure, tls, clock, PATIENCE);
  }

  RegistryClient(Set<String> insecure, SSLContext tls, Clock clock, Duration patience) {
    this.patience = patience;
    this.insecure = Set.copyOf(insecure);
    this.clock = clock;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(tls)
            .connectTimeout(patience)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * The tags of a repository, at most 50,000.
   *
   * @param registry host and port as images name it
   * @param auth the value of X-Registry-Auth; "" for none
   * @throws RegistryException if it does not tell
   */
  public List<String> tags(String registry, String path, String auth)
      throws RegistryException, InterruptedException {
    String host = registry.equals(HUB) ? HUB_HOST : registry;
    URI base = URI.create((insecure.contains(registry) ? "http://" : "https://") + host + "/");
    Login login = Login.of(auth);
    List<String> tags = new ArrayList<>();
    Optional<URI> next = Optional.of(base.resolve("/v2/" + path + "/tags/list?n=" + PAGE));
    String authorization = "";
    for (int n = 0; next.isPresent(); n++) {
      if (n == MOST_PAGES) {
        throw new RegistryException(
            "%s/%s has more than %d tags; remove old ones".formatted(registry, path, tags.size()));
      }
      Page page = get(registry, next.get(), authorization);
      if (page.status() == 401 && authorization.isEmpty()) {
        authorization = authorization(registry, path, page, login);
        page = get(registry, next.get(), authorization);
      }
      check(registry, path, page);
      json(registry, page.body()).path("tags").forEach(t -> tags.add(t.asText()));
      next = next(base, next.get(), page);
    }
    return List.copyOf(tags);
  }

  private Page get(String registry, URI uri, String authorization)
      throws RegistryException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(patience).GET();
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return send(registry, request.header("Accept", "application/json").build(), LARGEST_PAGE);
  }

  private Page send(String registry, HttpRequest request, int largest)
      throws RegistryException, InterruptedException {
    try {
      HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        byte[] body = in.readNBytes(largest + 1);
        if (body.length > largest) {
          throw new RegistryException(
              "%s answers with more than %d bytes".formatted(registry, largest));
        }
        return new Page(response.statusCode(), new String(body, StandardCharsets.UTF_8), response);
      }
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new RegistryException(
          "%s cannot be reached (%s); see that the deployer has a way to it; a CA of your own belongs into SKEP_REGISTRY_CA_FILE, a registry without TLS into SKEP_REGISTRY_INSECURE"
              .formatted(request.uri().getAuthority(), why),
          e);
    }
  }

  private void check(String registry, String path, Page page) throws RegistryException {
    switch (page.status()) {
      case 200 -> {}
      case 401, 403 ->
          throw new RegistryException(
              "%s refuses its list of tags of %s (%d); deploy the stack with credentials that may read it (--with-registry-auth)"
                  .formatted(registry, path, page.status()));
      case 404 -> throw new RegistryException("%s has no repository %s".formatted(registry, path));
      case 429, 503 ->
          throw new RegistryException(
              "%s answers with %d and is left alone for a while".formatted(registry, page.status()),
              RetryAfter.of(
                  page.response().headers().firstValue("Retry-After"), clock.instant(), TOO_MANY));
      default ->
          throw new RegistryException(
              "%s answers with %d when asked for the tags of %s"
                  .formatted(registry, page.status(), path));
    }
  }

  /** Only of the same registry: the login is not for others. */
  private static Optional<URI> next(URI base, URI current, Page page) throws RegistryException {
    for (String link : page.response().headers().allValues("Link")) {
      Matcher m = NEXT.matcher(link);
      if (m.find()) {
        URI next;
        try {
          next = current.resolve(m.group(1));
        } catch (IllegalArgumentException e) {
          throw new RegistryException("%s names a next page that is no address".formatted(base), e);
        }
        boolean same =
            base.getScheme().equals(next.getScheme())
                && base.getAuthority().equals(next.getAuthority());
        if (!same) {
          throw new RegistryException("%s names a next page on another host".formatted(base));
        }
        return Optional.of(next);
      }
    }
    return Optional.empty();
  }

  private String authorization(String registry, String path, Page page, Login login)
      throws RegistryException, InterruptedException {
    if (!login.registryToken().isEmpty()) {
      return "Bearer " + login.registryToken();
    }
    Optional<Challenge> challenge =
        Challenge.of(page.response().headers().allValues("WWW-Authenticate"));
    if (challenge.isEmpty()) {
      return "";
    }
    return challenge.get().scheme().equals("basic")
        ? login.basicHeader()
        : "Bearer " + token(registry, path, challenge.get(), login);
  }

  /** Asks for a token as the registry says where. */
  private String token(String registry, String path, Challenge challenge, Login login)
      throws RegistryException, InterruptedException {
    URI realm = realm(registry, challenge.get("realm"));
    String scope =
        challenge.get("scope").isEmpty() ? "repository:" + path + ":pull" : challenge.get("scope");
    String query = "service=" + encoded(challenge.get("service")) + "&scope=" + encoded(scope);
    HttpRequest.Builder request = HttpRequest.newBuilder().timeout(patience);
    if (login.identityToken().isEmpty()) {
      String join = realm.getRawQuery() == null ? "?" : "&";
      request.uri(URI.create(realm + join + query)).GET();
      if (!login.basic().isEmpty()) {
        request.header("Authorization", login.basicHeader());
      }
    } else {
      request
          .uri(realm)
          .header("Content-Type", "application/x-www-form-urlencoded")
          .POST(
              BodyPublishers.ofString(
                  "grant_type=refresh_token&client_id=skep&"
                      + query
                      + "&refresh_token="
                      + encoded(login.identityToken())));
    }
    Page answer = send(registry, request.build(), LARGEST_TOKEN);
    check(registry, path, answer);
    JsonNode json = json(registry, answer.body());
    String token = json.path("token").asText(json.path("access_token").asText());
    if (token.isEmpty() || !token.matches("[\\x21-\\x7e]+")) {
      throw new RegistryException("%s gives no token at %s".formatted(registry, realm.getHost()));
    }
    return token;
  }

  /** By https, unless the registry itself is asked by http. */
  private URI realm(String registry, String text) throws RegistryException {
    try {
      URI realm = URI.create(text);
      boolean allowed =
          "https".equals(realm.getScheme())
              || ("http".equals(realm.getScheme()) && insecure.contains(registry));
      if (allowed && realm.getHost() != null) {
        return realm;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new RegistryException("%s asks for a login at no https address".formatted(registry));
  }

  private static JsonNode json(String registry, String body) throws RegistryException {
    try {
      return Json.mapper().readTree(body);
    } catch (IOException e) {
      throw new RegistryException("%s does not answer with JSON".formatted(registry), e);
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
