package dev.skep.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.skep.model.Json;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ListingTest {
  private static JsonNode json(String text) throws IOException {
    return Json.mapper().readTree(text);
  }

  @Test
  void eachStackOfASourceHasALineAndWhatIsWrongStandsBelow() throws Exception {
    JsonNode answer =
        json(
            """
            {"sources":[
              {"name":"shop","state":"degraded","reference":"main","reporting":"",
               "seenCommit":"0123456789abcdef0123456789abcdef01234567","problems":[],
               "stacks":[{"name":"web","state":"applied","problems":[],"warnings":[]},
                 {"name":"db","state":"refused","warnings":[],"problems":[
                   {"file":"stacks/db/compose.yml","line":3,"column":5,"where":"services.db",
                    "message":"'privileged' is not allowed"}]}]},
              {"name":"new","state":"waiting","reference":"the default branch","seenCommit":null,
               "reporting":"the host refuses the token","problems":[],"stacks":[]}],
             "problems":[{"file":"sources.yml","line":9,"column":1,"where":"","message":"no url"}]}
            """);

    assertThat(SourcesCommand.lines(answer))
        .containsExactly(
            "SOURCE  STATE     REFERENCE           COMMIT        STACK  STACK STATE",
            "shop    degraded  main                0123456789ab  web    applied",
            "shop    degraded  main                0123456789ab  db     refused",
            "new     waiting   the default branch  -             -      -",
            "sources.yml:9:1: no url",
            "shop, stack db: stacks/db/compose.yml:3:5: services.db: 'privileged' is not allowed",
            "new: the host refuses the token");
  }

  @Test
  void anImageIsShownWithWhatTellsItFromANewerOne() throws Exception {
    String digest = "@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    JsonNode answer =
        json(
            """
            {"images":[
              {"stack":"s","service":"s_web","policy":"digest","image":"r/web:1%1$s",
               "newest":"r/web:1%1$s","state":"current","error":""},
              {"stack":"s","service":"s_api","policy":"semver ^1","image":"r/api:1.2.0",
               "newest":null,"state":"failing","error":"the registry says 429"}],
             "strays":["old_one"]}
            """
                .formatted(digest));

    assertThat(ImagesCommand.lines(answer))
        .containsExactly(
            "SERVICE  FOLLOWS    STATE    IMAGE                        NEWEST",
            "s_web    digest     current  r/web:1@sha256:0123456789ab  the same",
            "s_api    semver ^1  failing  r/api:1.2.0                  -",
            "s_api: the registry says 429",
            "old_one: is of no stack of the deployer; it is left alone");
  }

  @Test
  void aScheduleTellsWhenItRunsAndWhatCameOfTheLastRun() throws Exception {
    JsonNode answer =
        json(
            """
            {"schedules":[
              {"service":"s_backup","schedule":"0 3 * * *","timezone":"UTC","enabled":true,
               "next":"2026-11-23T03:00:00Z","problems":[],
               "last":{"scheduled":"2026-11-22T03:00:00Z","result":"FAILED",
                 "message":"exit code 2"},"leftOut":null},
              {"service":"s_off","schedule":"@daily","timezone":"UTC","enabled":false,
               "next":null,"problems":[],"last":null,"leftOut":null},
              {"service":"s_bad","schedule":"x","timezone":null,"enabled":false,"next":null,
               "problems":["label dev.skep.schedule 'x' cannot be read"],"last":null}]}
            """);

    assertThat(SchedulesCommand.lines(answer))
        .containsExactly(
            "SERVICE   SCHEDULE   TIMEZONE  NEXT                  LAST RUN              CAME OF IT",
            "s_backup  0 3 * * *  UTC       2026-11-23T03:00:00Z  2026-11-22T03:00:00Z  failed",
            "s_off     @daily     UTC       off                   -                     -",
            "s_bad     x          -         -                     -                     -",
            "s_backup at 2026-11-22T03:00:00Z: failed: exit code 2",
            "s_bad: label dev.skep.schedule 'x' cannot be read");
  }
}
