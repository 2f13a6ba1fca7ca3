package dev.skep.deployer.compose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.compose.FormWalk.Form;
import dev.skep.deployer.compose.Value.Fields;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Every key and form of a stack file, and every rule by which the CLI turns it into the Engine's
 * bodies, is shown by a file that is compared with the real client, or named with the test that
 * shows it. The table is {@code docs/compose-coverage.md}; {@code -Dskep.record=true} writes it.
 */
class ComposeCoverageTest {
  private static final Path TABLE =
      Path.of(System.getProperty("skep.root"), "docs/compose-coverage.md");
  private static final Path RULES = ComposeCases.directory().resolve("rules.txt");

  /** What a file or a record holds if it shows the rule. */
  private record Rule(String section, String text, String probe, List<String> shownBy) {}

  @Test
  void everyFormIsShownByAFileOrHasATestOfItsOwn() throws Exception {
    Map<Form, Set<String>> shown = shown();
    Map<String, String> beyond = beyond();

    List<Form> missing = new ArrayList<>();
    for (Form form : FormWalk.possible()) {
      if (!shown.containsKey(form) && test(form, beyond) == null) {
        missing.add(form);
      }
    }

    assertThat(missing).as("forms that no file shows").isEmpty();
    assertThat(beyond.values()).allSatisfy(ComposeCoverageTest::assertTestExists);
  }

  @Test
  void everyRuleIsShownByTheFilesThatItNames() throws Exception {
    List<Rule> rules = rules();

    assertThat(rules).isNotEmpty();
    for (Rule rule : rules) {
      assertThat(rule.shownBy()).as(rule.text()).isNotEmpty();
      for (String by : rule.shownBy()) {
        if (by.contains("#")) {
          assertTestExists(by);
        } else {
          assertThat(everything(by)).as("%s: %s", by, rule.text()).contains(rule.probe());
        }
      }
    }
  }

  @Test
  void theTableSaysWhatTheFilesShow() throws Exception {
    String table = table();

    if (Boolean.getBoolean("skep.record")) {
      Files.writeString(TABLE, table);
    }
    assertThat(Files.readString(TABLE)).isEqualTo(table);
    System.out.println(counts());
  }

  @Test
  void theTestsThatTheDocumentNamesAreThere() throws Exception {
    String document = Files.readString(TABLE.resolveSibling("compose.md"));

    List<String> named =
        Pattern.compile("`((?:compose|convert|apply|registry)\\.\\w+#\\w+)`")
            .matcher(document)
            .results()
            .map(m -> m.group(1))
            .toList();

    assertThat(named).isNotEmpty().allSatisfy(ComposeCoverageTest::assertTestExists);
    assertThat(SwarmKeys.REFUSED.keySet())
        .allSatisfy(key -> assertThat(document).contains("`" + key + "`"));
  }

  private static String counts() throws IOException {
    return "%d rules, %d forms, %d cases compared with the client, %d files refused by both"
        .formatted(
            rules().size(),
            FormWalk.possible().size(),
            ComposeCases.names().count(),
            ComposeCases.refused().size());
  }

  /** Each form with the cases that show it. */
  private static Map<Form, Set<String>> shown() throws IOException {
    Map<Form, Set<String>> result = new TreeMap<>();
    for (String name : ComposeCases.names().toList()) {
      for (Path file : ComposeCases.files(name)) {
        Problems problems = new Problems();
        Fields root = YamlReader.read(file.toString(), Files.readString(file), problems);
        problems.check();
        for (Form form : FormWalk.shown(root)) {
          result.computeIfAbsent(form, f -> new TreeSet<>()).add(name);
        }
      }
    }
    return result;
  }

  private static List<String> lines(String section) throws IOException {
    List<String> result = new ArrayList<>();
    String at = "";
    for (String line : Files.readAllLines(RULES)) {
      if (line.startsWith("## ")) {
        at = line.substring(3);
      } else if (at.startsWith(section) && !line.isBlank() && !line.startsWith("#")) {
        result.add(at + " | " + line);
      }
    }
    return result;
  }

  private static List<Rule> rules() throws IOException {
    List<Rule> result = new ArrayList<>();
    for (String line : lines("Rules: ")) {
      String[] parts = line.split(" \\| ", -1);
      assertThat(parts).as(line).hasSize(4);
      List<String> by = Arrays.stream(parts[3].split(",", -1)).map(String::strip).toList();
      result.add(new Rule(parts[0].substring(7), parts[1].strip(), parts[2].strip(), by));
    }
    return result;
  }

  /** Path, or path and form, of what the client refuses, and the test that shows it. */
  private static Map<String, String> beyond() throws IOException {
    Map<String, String> result = new TreeMap<>();
    for (String line : lines("Beyond the client")) {
      String[] parts = line.split(" \\| ", -1);
      assertThat(parts).as(line).hasSize(3);
      result.put(parts[1].strip(), parts[2].strip());
    }
    return result;
  }

  private static String test(Form form, Map<String, String> beyond) {
    if (beyond.containsKey(form.toString())) {
      return beyond.get(form.toString());
    }
    String path = form.path();
    while (!path.isEmpty()) {
      if (beyond.containsKey(path)) {
        return beyond.get(path);
      }
      int cut = Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
      path = cut < 0 ? "" : path.substring(0, cut);
    }
    return null;
  }

  private static void assertTestExists(String name) {
    String[] parts = name.split("#", -1);
    try {
      Class<?> type = Class.forName("dev.skep.deployer." + parts[0]);
      assertThat(type.getDeclaredMethods()).as(name).extracting("name").contains(parts[1]);
    } catch (ClassNotFoundException e) {
      throw new AssertionError("there is no test " + name, e);
    }
  }

  /** A case's files and what the client sent for them, in one text. */
  private static String everything(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (Path file : ComposeCases.files(name)) {
      text.append(Files.readString(file));
    }
    Path record = ComposeCases.directory().resolveSibling("stack-deploy/" + name + ".json");
    return text.append(Files.readString(record)).toString().replaceAll("\\s+", " ");
  }

  private static String table() throws IOException {
    Map<Form, Set<String>> shown = shown();
    Map<String, String> beyond = beyond();
    StringBuilder out = new StringBuilder();
    out.append("# What of compose files is compared with docker's client\n\n");
    out.append("Written and checked by `ComposeCoverageTest`: ").append(counts()).append(".\n");
    out.append("The cases lie under `deployer-service/src/test/resources/compose`; what client\n");
    out.append(
        "28.2.2 sent for each is recorded beside it under `stack-deploy`. A case is named\n");
    out.append("by its number. What both refuse is listed in `refused.txt` beside the cases.\n");
    String section = "";
    for (Rule rule : rules()) {
      if (!rule.section().equals(section)) {
        section = rule.section();
        out.append("\n## ").append(section).append("\n\n| rule | shown by |\n|---|---|\n");
      }
      out.append("| %s | %s |\n".formatted(rule.text(), numbers(rule.shownBy())));
    }
    out.append("\n## Keys and forms\n\n| key | as | shown by |\n|---|---|---|\n");
    for (Form form : new TreeSet<>(FormWalk.possible())) {
      Set<String> by = shown.getOrDefault(form, Set.of());
      String where = by.isEmpty() ? "`" + test(form, beyond) + "`" : numbers(by);
      out.append("| `%s` | %s | %s |\n".formatted(form.path(), form.form(), where));
    }
    return out.toString();
  }

  private static String numbers(Iterable<String> names) {
    Set<String> result = new LinkedHashSet<>();
    names.forEach(n -> result.add(n.contains("#") ? "`" + n + "`" : n.replaceFirst("-.*", "")));
    List<String> all = List.copyOf(result);
    int most = 4;
    return String.join(", ", all.subList(0, Math.min(most, all.size())))
        + (all.size() > most ? " and " + (all.size() - most) + " more" : "");
  }
}
