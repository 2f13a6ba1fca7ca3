package dev.skep.cli.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.Json;
import org.junit.jupiter.api.Test;

class ListCommandTest {
  @Test
  void aLineTellsWhoseATokenIsAndUntilWhenItIsGood() throws Exception {
    String list =
        """
        [{"name":"ci","role":"operator","createdAt":"2026-11-22T06:00:00Z","createdBy":"root",
          "expired":false},
         {"name":"guest","role":"viewer","createdAt":"2026-11-20T06:00:00Z","createdBy":"root (a@m)",
          "expiresAt":"2026-11-21T06:00:00Z","expired":true}]
        """;

    assertThat(ListCommand.lines(Json.mapper().readTree(list)))
        .containsExactly(
            "NAME   ROLE      CREATED               BY          EXPIRES",
            "ci     operator  2026-11-22T06:00:00Z  root        never",
            "guest  viewer    2026-11-20T06:00:00Z  root (a@m)  2026-11-21T06:00:00Z (over)");
  }
}
