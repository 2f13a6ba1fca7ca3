package dev.skep.cli.up;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.cli.ApiClient;
import dev.skep.cli.CliException;
import dev.skep.model.edge.EdgeStatus;
import dev.skep.model.edge.Route;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Predicate;

/** Waits until the suite's API says that something is so. */
final class Await {
  private static final Duration TICK = Duration.ofMillis(100);

  private final ApiClient api;

  Await(ApiClient api) {
    this.api = api;
  }

  /**
   * Asks until the answer passes.
   *
   * @throws CliException with {@code failure} when the patience ends
   */
  JsonNode until(String failure, Duration patience, String path, Predicate<JsonNode> passes)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        ApiClient.Answer answer = api.get(path);
        if (answer.ok() && passes.test(answer.body())) {
          return answer.body();
        }
      } catch (IOException e) {
        // Not there yet, or restarting: the deadline decides.
        if (System.nanoTime() > deadline) {
          throw new CliException(failure + " (" + e + ")");
        }
      }
      if (System.nanoTime() > deadline) {
        throw new CliException(failure);
      }
      Thread.sleep(TICK);
    }
  }

  /** Whether every service is ready. The edge agent is not asked: its proxy is started later. */
  static boolean servicesReady(ApiClient api) throws InterruptedException {
    try {
      JsonNode services = api.get("/health/ready").body().path("services");
      return !services.isEmpty()
          && services
              .propertyStream()
              .filter(part -> !part.getKey().equals("edge-agent"))
              .allMatch(part -> part.getValue().path("ready").asBoolean());
    } catch (IOException e) {
      return false;
    }
  }

  /** Whether one part of the running process says that it is ready. */
  static boolean partReady(ApiClient api, String part) {
    try {
      return api.get("/health/ready").body().at("/services/" + part + "/ready").asBoolean();
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Whether some edge says that it serves. */
  static boolean edgeReady(JsonNode edges) {
    for (JsonNode edge : edges) {
      if (holds(edge, "Ready")) {
        return true;
      }
    }
    return false;
  }

  /** Whether some edge refuses the store. */
  static boolean storeRefused(JsonNode edges) {
    for (JsonNode edge : edges) {
      if (refusesStore(edge)) {
        return true;
      }
    }
    return false;
  }

  /** Whether this edge refuses the store. */
  static boolean refusesStore(JsonNode edge) {
    return status(edge, EdgeStatus.STORE_KNOWN).equals("FALSE");
  }

  /** Whether there is an edge, and all that ever reported serve what they should. */
  static boolean everyEdgeReady(JsonNode edges) {
    for (JsonNode edge : edges) {
      if (!holds(edge, "Ready")) {
        return false;
      }
    }
    return !edges.isEmpty();
  }

  /** Whether an entity's condition of a type is true. */
  static boolean holds(JsonNode entity, String type) {
    return status(entity, type).equals("TRUE");
  }

  private static String status(JsonNode entity, String type) {
    for (JsonNode condition : entity.path("conditions")) {
      if (condition.path("type").asText().equals(type)) {
        return condition.path("status").asText();
      }
    }
    return "";
  }

  /** Whether every route of a service is accepted, and there is one. */
  static boolean routesAccepted(JsonNode routes, String service) {
    boolean any = false;
    for (JsonNode route : routes) {
      if (route.path("service").asText().equals(service)) {
        any = true;
        if (!holds(route, Route.ACCEPTED)) {
          return false;
        }
      }
    }
    return any;
  }
}
