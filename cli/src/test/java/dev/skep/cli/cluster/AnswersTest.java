package dev.skep.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswersTest {
  private static final List<ClusterNode> SEVEN =
      List.of(
          node("manager-1", true, Map.of()),
          node("manager-2", true, Map.of()),
          node("manager-3", true, Map.of()),
          node("edge-1", false, Map.of()),
          node("edge-2", false, Map.of()),
          node("worker-1", false, Map.of()),
          new ClusterNode("id-down", "worker-2", false, false, "down", "active", "", Map.of()));

  @TempDir Path temp;

  @Test
  void withoutATerminalEveryOptionThatIsMissingIsNamedAtOnce() {
    Answers.Source source = source(Map.of(Setting.VIP, "none"), Map.of(), SEVEN, null, false);

    assertThatThrownBy(() -> source.read(List.of(Passphrase.VARIABLE)))
        .isInstanceOf(CliException.class)
        .hasMessageContaining(
            "--domain, --acme-email, --edge-nodes, --kafka-nodes, SKEP_RECOVERY_PASSPHRASE_FILE");
  }

  @Test
  void defaultsComeFromTheEnvironmentAndOptionsGoBeforeIt() {
    Map<String, String> env =
        Map.of(
            "SKEP_DOMAIN", "example.org",
            "SKEP_VIP", "172.30.84.100/24",
            "SKEP_EDGE_NODES", "edge-1,edge-2",
            "SKEP_ACME_EMAIL", "admin@example.org");

    Answers answers =
        source(Map.of(Setting.DOMAIN, "example.net"), env, SEVEN, null, true).read(List.of());

    assertThat(answers.values())
        .containsEntry(Setting.DOMAIN, "example.net")
        .containsEntry(Setting.VIP, "172.30.84.100/24")
        .containsEntry(Setting.DIRECTORY, "https://acme-v02.api.letsencrypt.org/directory");
    assertThat(answers.edges()).extracting(ClusterNode::name).containsExactly("edge-1", "edge-2");
    // Neither a manager nor an edge nor a node that is down.
    assertThat(answers.kafka()).extracting(ClusterNode::name).containsExactly("worker-1");
    assertThat(answers.data().name()).isEqualTo("worker-1");
  }

  @Test
  void edgesOfAClusterHaveNoDefault() {
    Answers.Source source = source(Map.of(), Map.of(), SEVEN, null, true);

    assertThatThrownBy(() -> source.read(List.of()))
        .isInstanceOf(CliException.class)
        .hasMessageContaining("--edge-nodes or SKEP_EDGE_NODES");
  }

  @Test
  void oneNodeIsAllThatASwarmOfOneNeeds() {
    List<ClusterNode> one = List.of(node("only", true, Map.of()));

    Answers answers = source(Map.of(), Map.of(), one, null, true).read(List.of());

    assertThat(answers.edges()).isEqualTo(one);
    assertThat(answers.kafka()).isEqualTo(one);
    assertThat(answers.values()).containsEntry(Setting.DOMAIN, "localhost");
  }

  @Test
  void whatLabelsAndTheFileSayIsNotAskedAgain() throws Exception {
    Files.writeString(temp.resolve(".env"), "SKEP_DOMAIN=kept.org\nSKEP_ACME_EMAIL=\nSKEP_VIP=\n");
    List<ClusterNode> labelled =
        List.of(
            node("a", true, Map.of(NodeLabels.KAFKA, "2", NodeLabels.EDGE, "true")),
            node("b", true, Map.of(NodeLabels.KAFKA, "1", NodeLabels.DATA, "true")),
            node("c", true, Map.of(NodeLabels.KAFKA, "3")));
    Script nobody = new Script();

    Answers answers = source(Map.of(), Map.of(), labelled, nobody, false).read(List.of());

    assertThat(answers.values()).containsEntry(Setting.DOMAIN, "kept.org");
    assertThat(answers.edges()).extracting(ClusterNode::name).containsExactly("a");
    assertThat(answers.kafka()).extracting(ClusterNode::name).containsExactly("b", "a", "c");
    assertThat(answers.data().name()).isEqualTo("b");
    assertThat(nobody.asked).isEmpty();
  }

  @Test
  void aPersonIsToldWhatIsWrongAndAskedAgain() {
    Script person =
        new Script(
            "Not A Domain",
            "example.org",
            "none",
            "10.0.0.9",
            "10.0.0.9/24",
            "edge-9",
            "edge-1,edge-2",
            "");

    Answers answers = source(Map.of(), Map.of(), SEVEN, person, false).read(List.of());

    assertThat(person.told)
        .satisfiesExactly(
            line -> assertThat(line).contains("is no domain"),
            line -> assertThat(line).contains("10.0.0.9/24"),
            line -> assertThat(line).contains("edge-9 is no node").contains("manager-1"));
    assertThat(answers.values())
        .containsEntry(Setting.VIP, "10.0.0.9/24")
        .containsEntry(Setting.EMAIL, "")
        .containsEntry(Setting.DIRECTORY, "");
    assertThat(answers.kafka()).extracting(ClusterNode::name).containsExactly("worker-1");
  }

  @Test
  void threeBrokersBringTheirFileAndTheirVariables() {
    Map<Setting, String> options =
        Map.of(
            Setting.EDGES, "edge-1",
            Setting.KAFKA, "manager-1,manager-2,manager-3",
            Setting.OVERRIDE, "lab/stack.lab.yml");

    Map<String, String> variables =
        source(options, Map.of(), SEVEN, null, true).read(List.of()).variables("ID");

    assertThat(variables)
        .containsEntry("SKEP_OVERRIDE", "stack.kafka-3.yml,lab/stack.lab.yml")
        .containsEntry("SKEP_KAFKA_REPLICAS", "3")
        .containsEntry("SKEP_KAFKA_VOTERS", "1@kafka:9093,2@kafka-2:9093,3@kafka-3:9093")
        .containsEntry("SKEP_KAFKA_CLUSTER_ID", "ID")
        .doesNotContainKey("SKEP_EDGE_NODES");
  }

  @Test
  void aMailAddressThatComesLaterBringsTheDirectory() throws IOException {
    Files.writeString(temp.resolve(".env"), "SKEP_ACME_EMAIL=\nSKEP_ACME_DIRECTORY=\n");
    Map<Setting, String> options =
        Map.of(Setting.EDGES, "edge-1", Setting.EMAIL, "admin@example.org");

    Answers answers = source(options, Map.of(), SEVEN, null, true).read(List.of());

    assertThat(answers.values())
        .containsEntry(Setting.DIRECTORY, "https://acme-v02.api.letsencrypt.org/directory");
  }

  @Test
  void aPrivateAcmeCaBringsItsFile() throws IOException {
    Path roots = Files.writeString(temp.resolve("roots.pem"), "");
    Map<Setting, String> options =
        Map.of(Setting.EDGES, "edge-1", Setting.CA_FILE, roots.toString());

    Map<String, String> variables =
        source(options, Map.of(), SEVEN, null, true).read(List.of()).variables("ID");

    assertThat(variables)
        .containsEntry("SKEP_OVERRIDE", "stack.acme-ca.yml")
        .containsEntry("SKEP_ACME_CA_FILE", roots.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "KAFKA, 'manager-1,manager-2,manager-3', stack.kafka-3.yml",
    "CA_FILE, /dev/null, stack.acme-ca.yml",
  })
  void whatAKeptOverrideLeavesOutIsRefused(Setting setting, String value, String needed)
      throws IOException {
    Path file = Files.writeString(temp.resolve(".env"), "SKEP_OVERRIDE='mine.yml'\n");
    Map<Setting, String> options = Map.of(Setting.EDGES, "edge-1", setting, value);

    Answers answers = source(options, Map.of(), SEVEN, null, true).read(List.of());

    EnvFile env = EnvFile.read(file);
    assertThatThrownBy(() -> answers.checkKept(env))
        .hasMessageContainingAll("SKEP_OVERRIDE=mine.yml", needed);
  }

  @ParameterizedTest
  @CsvSource({
    "VIP, 10.0.0.0/24, its network's own",
    "VIP, 10.0.0.255/24, broadcast",
    "VIP, 10.0.0.300/24, no address",
    "VIP, 10.0.0.9/33, between 1 and 32",
    "VIP, 10.9.0.1/24, address of node manager-1",
    "DOMAIN, 10.0.0.1, no domain",
    "DOMAIN, -x.org, no domain",
    "EMAIL, admin, no mail address",
    "DIRECTORY, http://x.org/dir, https",
    "CA_FILE, /no/such, cannot be read",
    "EDGES, worker-2, worker-2 is down",
    "EDGES, 'edge-1,edge-1', twice",
    "KAFKA, 'edge-1,edge-2', names 2 nodes",
    "DATA, 'edge-1,edge-2', must be one",
    "IMAGES, 'a''b', quotes",
  })
  void whatWillNotDoIsSaidWithItsReason(Setting setting, String value, String reason) {
    assertThat(new Checks(SEVEN).problem(setting, value)).get().asString().contains(reason);
  }

  @ParameterizedTest
  @CsvSource({
    "VIP, 10.0.0.9/24",
    "VIP, 2001:db8::10/64",
    "VIP, 10.0.0.9/32",
    "DOMAIN, localhost",
    "DOMAIN, xn--bcher-kva.example",
    "EMAIL, a+b@example.org",
    "EDGES, 'edge-1, id-edge-2'",
  })
  void whatWillDoIsTaken(Setting setting, String value) {
    assertThat(new Checks(SEVEN).problem(setting, value)).isEmpty();
  }

  private Answers.Source source(
      Map<Setting, String> options,
      Map<String, String> env,
      List<ClusterNode> nodes,
      Dialog dialog,
      boolean defaults) {
    return new Answers.Source(
        options,
        EnvFile.read(temp.resolve(".env")),
        env,
        nodes,
        Optional.ofNullable(dialog),
        defaults);
  }

  private static ClusterNode node(String name, boolean manager, Map<String, String> labels) {
    String address = name.equals("manager-1") ? "10.9.0.1" : "10.9.0.2";
    return new ClusterNode(
        "id-" + name, name, manager, name.equals("manager-1"), "ready", "active", address, labels);
  }

  /** A person who types these lines. */
  static final class Script implements Dialog {
    final List<String> asked = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    private final Deque<String> lines;

    Script(String... lines) {
      this.lines = new ArrayDeque<>(List.of(lines));
    }

    @Override
    public String ask(String question) {
      asked.add(question);
      return lines.poll();
    }

    @Override
    public char[] askSecret(String question) {
      asked.add(question);
      return lines.isEmpty() ? null : lines.poll().toCharArray();
    }

    @Override
    public void tell(String line) {
      told.add(line);
    }
  }
}
