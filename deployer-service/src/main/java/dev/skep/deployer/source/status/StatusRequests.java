package dev.skep.deployer.source.status;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.source.declare.StatusTarget;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Makes the request by which a host learns of a status: GitHub's and Gitea's (Forgejo's) {@code
 * POST /repos/OWNER/REPO/statuses/SHA}, GitLab's {@code POST /projects/PATH/statuses/SHA}. Pure.
 */
final class StatusRequests {
  private static final Duration TIME = Duration.ofSeconds(10);

  private StatusRequests() {}

  /**
   * The request.
   *
   * @param reference {@code refs/heads/X}, {@code refs/tags/X}, or {@code HEAD} if it is not known
   */
  static HttpRequest of(StatusTarget target, CommitStatus status, String reference, String token) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(target, status.commit()))
            .timeout(TIME)
            .header("Content-Type", "application/json")
            .header("User-Agent", "skep");
    switch (target.provider()) {
      case GITHUB ->
          request
              .header("Accept", "application/vnd.github+json")
              .header("X-GitHub-Api-Version", "2022-11-28")
              .header("Authorization", "Bearer " + token);
      case GITEA -> request.header("Authorization", "token " + token);
      case GITLAB -> request.header("PRIVATE-TOKEN", token);
    }
    if (target.provider() == StatusTarget.Provider.GITLAB) {
      body.put("state", gitlab(status.state())).put("name", status.context());
      String ref = reference.replaceFirst("^refs/(heads|tags)/", "");
      if (!ref.equals(reference)) {
        body.put("ref", ref);
      }
    } else {
      body.put("state", status.state().name().toLowerCase(Locale.ROOT))
          .put("context", status.context());
    }
    body.put("description", status.description());
    return request.POST(BodyPublishers.ofString(body.toString())).build();
  }

  private static URI uri(StatusTarget target, String commit) {
    String where =
        switch (target.provider()) {
          case GITLAB -> "/projects/" + segment(target.project());
          case GITHUB, GITEA ->
              "/repos/"
                  + Arrays.stream(target.project().split("/", -1))
                      .map(StatusRequests::segment)
                      .collect(Collectors.joining("/"));
        };
    return URI.create(target.api() + where + "/statuses/" + segment(commit));
  }

  private static String segment(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** GitLab knows no errors besides failures. */
  private static String gitlab(CommitStatus.State state) {
    return switch (state) {
      case PENDING -> "pending";
      case SUCCESS -> "success";
      case FAILURE, ERROR -> "failed";
    };
  }
}
