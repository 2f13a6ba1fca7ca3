package dev.skep.monitor.page;

import static dev.skep.monitor.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.model.cluster.Service;
import dev.skep.monitor.DemoCluster;
import dev.skep.monitor.Fixtures;
import dev.skep.monitor.cluster.ClusterModel;
import dev.skep.monitor.cluster.Snapshot;
import dev.skep.monitor.status.Statuses;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {
  @Test
  void whatComesFromOutsideIsEscaped() {
    ClusterModel model = DemoCluster.model();

    String page = full("en", model.snapshot());

    assertThat(page).contains("held by &lt;whoami&gt;").doesNotContain("<whoami>");
  }

  @Test
  void nothingSealedOrMaskedIsOnThePage() {
    ClusterModel model = DemoCluster.model();
    model.service(
        "x",
        Fixtures.service(
            "x",
            1,
            Service.Mode.GLOBAL,
            null,
            Map.of("token", "SENTINEL"),
            Map.of("A", "SENTINEL")));

    String page = full("en", model.snapshot());

    assertThat(page).contains("demo_x").doesNotContain("SENTINEL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"en", "fr"})
  void everyTextOfThePageHasWords(String language) {
    String page = full(language, DemoCluster.model().snapshot());

    assertThat(page).doesNotContainPattern(">(title|none|true|false|[A-Z_]{4,})<");
    assertThat(page).contains("<html lang=\"" + language + "\">");
  }

  @Test
  void bothLanguagesHaveTheSameTexts() throws IOException {
    Properties english = load("en");

    Properties french = load("fr");

    assertThat(french.keySet()).isEqualTo(english.keySet());
  }

  @Test
  void nothingOnThePageNeedsMoreThanThisServer() {
    String page = full("en", DemoCluster.model().snapshot());

    assertThat(page).doesNotContainPattern("(src|href|action)=\"(https?:)?//");
    assertThat(page).doesNotContainPattern("<style|style=\"|\\son[a-z]+=|<script>");
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "fr | en | fr",
        "null | fr-CA,fr;q=0.9,en;q=0.5 | fr",
        "null | de,es;q=0.8 | en",
        "xx | fr | fr",
        "null | ;;;q=nonsense | en",
        "null | null | en"
      },
      delimiter = '|',
      nullValues = "null")
  void theLanguageIsWhatWasAskedForElseWhatTheBrowserTakes(
      String asked, String acceptLanguage, String expected) {
    Messages words = Messages.choose(asked, acceptLanguage);

    assertThat(words.tag()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "PT-30S,en,30 s ago",
    "PT5M,en,in 5 min",
    "PT47H,en,in 47 h",
    "P29D,fr,dans 29 j",
    "P-3D,fr,il y a 3 j"
  })
  void momentsAreToldByTheirLargestUnit(Duration away, String language, String expected) {
    String text = Messages.choose(language, null).relative(NOW.plus(away), NOW);

    assertThat(text).isEqualTo(expected);
  }

  @Test
  void aThousandServicesAreNotAThousandRows() {
    ClusterModel model = new ClusterModel();
    for (int i = 0; i < 1000; i++) {
      model.service("s" + i, Fixtures.service("s" + i, 1));
    }

    String page = full("en", model.snapshot());

    assertThat(page.split("<th scope=\"row\"", -1)).hasSize(Table.MAX_ROWS + 1);
    assertThat(page).contains("500 more are not shown here");
  }

  private static String full(String language, Snapshot snapshot) {
    return Page.full(
        Messages.choose(language, null), snapshot, Statuses.of(snapshot, List.of(), NOW));
  }

  private static Properties load(String language) throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        PageTest.class.getResourceAsStream("messages_" + language + ".properties")) {
      properties.load(in);
    }
    return properties;
  }
}
