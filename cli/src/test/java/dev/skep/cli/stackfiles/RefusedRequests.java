package dev.skep.cli.stackfiles;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.skep.cli.stackfiles.RawHttp.Answer;
import dev.skep.model.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.assertj.core.api.SoftAssertions;

/** A table of requests, each of which must be refused before it reaches the Engine. */
final class RefusedRequests {
  private static final String PLAIN = "GET /_ping HTTP/1.1";

  private RefusedRequests() {}

  private record Refused(String status, String line) {
    String bytes() {
      return line.replace("\\r", "\r")
          .replace("\\n", "\n")
          .replace("\\t", "\t")
          .replace("\\0", "\0")
          .replace("\\\\", "\\");
    }
  }

  /**
   * Sends all of a table, one on a connection, each followed by a request that is allowed: of the
   * two, only that one may have reached the Engine.
   *
   * @param source what the message must name
   * @return how many were refused
   */
  static int checkAll(String table, SocketAddress to, RecordingEngine engine, String source) {
    List<Refused> all = read(table);
    SoftAssertions softly = new SoftAssertions();
    for (Refused refused : all) {
      engine.forget();
      Answer answer = RawHttp.exchange(to, refused.bytes());
      softly.assertThat(RawHttp.send(to, "GET", "/_ping").statuses()).containsExactly(200);
      softly
          .assertThat(engine.requests())
          .as("what reached the Engine after %s", refused.line())
          .containsExactly(PLAIN);
      check(softly, refused, answer, source);
    }
    softly.assertAll();
    return all.size();
  }

  private static void check(SoftAssertions softly, Refused refused, Answer answer, String source) {
    String what = "answer to %s: %s".formatted(refused.line(), answer.text());
    if (refused.status().equals("4xx")) {
      softly
          .assertThat(answer.statuses())
          .as(what)
          .isNotEmpty()
          .allMatch(status -> status == 400 || status == 405 || status == 501);
      return;
    }
    softly.assertThat(answer.statuses()).as(what).isNotEmpty().containsOnly(403);
    if (!refused.line().startsWith("HEAD ")) {
      softly.assertThat(message(answer)).as(what).contains("refused by the proxy", source);
    }
  }

  /** In the Engine's own form, which every client shows. */
  static String message(Answer answer) {
    try {
      return Json.mapper().readTree(answer.body()).path("message").asText();
    } catch (JsonProcessingException e) {
      return "no JSON: " + answer.body();
    }
  }

  private static List<Refused> read(String table) {
    try (InputStream in = RefusedRequests.class.getResourceAsStream("/stackfiles/" + table)) {
      assertThat(in).as(table).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .map(line -> new Refused(line.substring(0, 3), line.substring(4)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
