package dev.skep.deployer.source.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.skep.deployer.compose.Compose;
import dev.skep.deployer.compose.ComposeCases;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.convert.Converter;
import dev.skep.deployer.convert.StackObjects;
import dev.skep.deployer.source.declare.Policy;
import dev.skep.deployer.source.declare.SourcesFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyCheckTest {
  private static final String STACK = "shop";

  /** What the service has, what else the file has, where it is refused, what allows it. */
  static List<Arguments> refused() {
    return List.of(
        // The Engine's socket, and whatever leads to it.
        row(
            "volumes: ['/var/run/docker.sock:/s']",
            "volumes",
            "binds: [/var/run/docker.sock], engineSocket: true"),
        row(
            "volumes: ['/run/docker.sock:/s:ro']",
            "volumes",
            "binds: [/run/docker.sock], engineSocket: true"),
        row(
            "volumes: ['/run/../run//docker.sock:/s']",
            "volumes",
            "binds: [/run/docker.sock], engineSocket: true"),
        row("volumes: ['/:/host']", "volumes", "binds: [/], engineSocket: true"),
        row("volumes: ['/var/run:/r']", "volumes", "binds: [/var/run], engineSocket: true"),
        row("volumes: ['/run/containerd:/r']", "volumes", "binds: [/run/*], engineSocket: true"),
        row(
            "volumes: [{type: npipe, source: '\\\\.\\pipe\\docker_engine', target: /p}]",
            "volumes",
            "binds: ['\\\\.\\pipe\\docker_engine'], engineSocket: true"),
        // Other paths of nodes.
        row("volumes: ['/srv/data:/d']", "volumes", "binds: [/srv/data]"),
        row("volumes: ['/srv/data:/d']", "volumes", "binds: [/srv/*]"),
        row("volumes: ['./data:/d']", "volumes", "binds: [/repository/data]"),
        row("volumes: ['~/data:/d']", "volumes", "binds: ['/repository/~/data']"),
        row("volumes: [{type: bind, source: /etc, target: /e}]", "volumes", "binds: [/etc]"),
        // Volumes that are paths in disguise, or others'.
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {driver: local, driver_opts: {type: none, o: bind, device: /srv}}}",
            "volumes",
            "binds: [/srv]"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {driver_opts: {type: tmpfs, o: 'ro,rbind', device: /srv}}}",
            "volumes",
            "binds: [/srv]"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {driver_opts: {type: none, o: bind, device: /var/run/docker.sock}}}",
            "volumes",
            "binds: [/var/run/docker.sock], engineSocket: true"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {driver_opts: {type: nfs, o: addr=host, device: ':/x'}}}",
            "volumes",
            "volumeDrivers: [nfs]"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {driver_opts: {type: ext4, device: /dev/sda1}}}",
            "volumes",
            "volumeDrivers: [ext4]"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {driver: rexray}}",
            "volumes",
            "volumeDrivers: [rexray]"),
        row("volumes: ['vol:/d']", "volumes: {vol: {external: true}}", "volumes", "volumes: [vol]"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {name: skep_kafka}}",
            "volumes",
            "volumes: [skep_kafka]"),
        row(
            "volumes: [{type: cluster, source: 'group:g', target: /d}]",
            "volumes",
            "volumes: ['group:g']"),
        // Networks.
        row(
            "networks: [h]",
            "networks: {h: {external: true, name: host}}",
            "networks",
            "networks: [host]"),
        row(
            "networks: [h]",
            "networks: {h: {external: true, name: bridge}}",
            "networks",
            "networks: [bridge]"),
        row(
            "networks: [skep-edge]",
            "networks: {skep-edge: {external: true}}",
            "networks",
            "networks: [skep-edge]"),
        row(
            "networks: [k]",
            "networks: {k: {external: true, name: skep_kafka}}",
            "networks",
            "networks: ['skep_*']"),
        row(
            "networks: [db]",
            "networks: {db: {external: true, name: bank_db}}",
            "networks",
            "networks: [bank_db]"),
        row(
            "networks: {default: {driver_opts: {com.docker.network.endpoint.sysctls: x}}}",
            "networks",
            "settings: [network_options]"),
        // Secrets and configs.
        row(
            "secrets: [skep_token]",
            "secrets: {skep_token: {external: true}}",
            "secrets",
            "secrets: [skep_token]"),
        row(
            "secrets: [t]",
            "secrets: {t: {external: true, name: bank_key}}",
            "secrets",
            "secrets: ['bank_*']"),
        // External ones, whatever their names begin with: nobody knows whose they are.
        row(
            "secrets: [k]",
            "secrets: {k: {external: true, name: shop_prod_db_key}}",
            "secrets",
            "secrets: [shop_prod_db_key]"),
        row(
            "secrets: [shop_k]",
            "secrets: {shop_k: {external: true}}",
            "secrets",
            "secrets: ['shop_*']"),
        row(
            "configs: [c]",
            "configs: {c: {external: {name: shop_c}}}",
            "configs",
            "configs: [shop_c]"),
        row(
            "networks: [n]",
            "networks: {n: {external: true, name: shop_admin_default}}",
            "networks",
            "networks: [shop_admin_default]"),
        row(
            "volumes: ['vol:/d']",
            "volumes: {vol: {external: true, name: shop_vol}}",
            "volumes",
            "volumes: [shop_vol]"),
        row(
            "configs: [skep_ca]",
            "configs: {skep_ca: {external: true}}",
            "configs",
            "configs: [skep_ca]"),
        // What a container may do.
        row("cap_add: [NET_ADMIN]", "cap_add", "capabilities: [NET_ADMIN]"),
        row("cap_add: [ALL]", "cap_add", "capabilities: [ALL]"),
        row(
            "sysctls: {net.core.somaxconn: 1024}",
            "sysctls.net.core.somaxconn",
            "sysctls: ['net.*']"),
        row("credential_spec: {file: x.json}", "credential_spec", "settings: [credential_spec]"),
        row("isolation: process", "isolation", "settings: [isolation]"),
        row("oom_score_adj: -500", "oom_score_adj", "settings: [oom_score_adj]"),
        row(
            "logging: {driver: syslog, options: {syslog-address: 'unix:///run/docker.sock'}}",
            "logging.driver",
            "logDrivers: [syslog]"),
        // Ports.
        row("ports: [{target: 80, published: 8080, mode: host}]", "ports", "hostPorts: [8080]"),
        row("ports: ['443:443']", "ports", "ports: [443]"),
        row("ports: ['2377:80']", "ports", "ports: [2377]"),
        row("ports: ['4789:80/udp']", "ports", "ports: [4789]"),
        // Where it runs.
        row(
            "deploy: {placement: {constraints: [node.role==manager]}}",
            "deploy.placement.constraints",
            "managers: true"),
        row(
            "deploy: {placement: {constraints: ['node.role != worker']}}",
            "deploy.placement.constraints",
            "managers: true"),
        row(
            "deploy: {placement: {constraints: ['node.labels.skep.edge == true']}}",
            "deploy.placement.constraints",
            "managers: true"),
        // Labels of power.
        row(
            "deploy: {labels: {dev.skep.update: manual}}",
            "deploy.labels.dev.skep.update",
            "labels: [dev.skep.update]"),
        row(
            "labels: ['com.docker.swarm.service.name=x']",
            "labels.com.docker.swarm.service.name",
            "labels: ['com.docker.*']"));
  }

  @ParameterizedTest
  @MethodSource
  void refused(String service, String top, String where, String allowing) {
    List<Refusal> refusals = check(service, top, "{}");

    assertThat(refusals).isNotEmpty();
    assertThat(refusals)
        .allSatisfy(
            r -> {
              assertThat(r.where()).isEqualTo("services.web." + where);
              assertThat(r.message()).contains("; to allow it, its source's policy needs '");
              assertThat(r.place().line()).isEqualTo(3);
            });
    assertThat(check(service, top, "{" + allowing + "}")).as("with " + allowing).isEmpty();
  }

  /** What the file has besides a plain service, where it is refused, what allows it. */
  static List<Arguments> refusedObjects() {
    return List.of(
        Arguments.of(
            "networks: {n: {name: bank_default}}", "networks.n.name", "networks: [bank_default]"),
        Arguments.of(
            "networks: {n: {driver: macvlan}}", "networks.n.driver", "networkDrivers: [macvlan]"),
        Arguments.of(
            "networks: {n: {driver_opts: {com.docker.network.driver.overlay.vxlanid_list: '4097'}}}",
            "networks.n.driver_opts.com.docker.network.driver.overlay.vxlanid_list",
            "settings: [network_options]"),
        Arguments.of(
            "networks: {n: {ipam: {driver: other}}}",
            "networks.n.ipam",
            "settings: [network_options]"),
        Arguments.of(
            "networks: {n: {labels: {dev.skep.x: y}}}",
            "networks.n.labels.dev.skep.x",
            "labels: [dev.skep.x]"),
        Arguments.of(
            "secrets: {s: {name: skep_token, environment: V}}",
            "secrets.s.name",
            "secrets: [skep_token]"),
        Arguments.of(
            "secrets: {s: {driver: vault}}", "secrets.s.driver", "settings: [secret_driver]"),
        Arguments.of(
            "configs: {c: {name: skep-rev-bank-000001, content: x}}",
            "configs.c.name",
            "configs: ['skep-rev-*']"),
        Arguments.of(
            "configs: {c: {content: x, labels: {dev.skep.revision.stack: bank}}}",
            "configs.c.labels.dev.skep.revision.stack",
            "labels: ['dev.skep.revision.*']"));
  }

  @ParameterizedTest
  @MethodSource
  void refusedObjects(String top, String where, String allowing) {
    String use = top.startsWith("networks") ? "networks: [n]" : "image: web";

    List<Refusal> refusals = check(use, top, "{}");

    assertThat(refusals).extracting(Refusal::where).contains(where);
    assertThat(check(use, top, "{" + allowing + "}")).isEmpty();
  }

  @Test
  void anOrdinaryStackIsNotRefused() {
    List<Refusal> refusals =
        check(
            """
            {networks: [default, back], ports: ['8080:80', {target: 81}], volumes: ['data:/d', /anonymous,
            {type: tmpfs, target: /t}], secrets: [s], configs: [c], cap_drop: [ALL], read_only: true,
            logging: {driver: json-file}, oom_score_adj: 100, user: '0',
            labels: {traefik.enable: 'true'}, deploy: {labels: {team: shop}, placement:
            {constraints: [node.role==worker, node.labels.disk==ssd]}}}""",
            """
            networks: {back: {internal: true, driver_opts: {encrypted: ''}}}
            volumes: {data: {driver_opts: {type: tmpfs, device: tmpfs, o: size=1m}}}
            secrets: {s: {environment: V}}
            configs: {c: {content: x}}
            """,
            "{}");

    assertThat(refusals).isEmpty();
  }

  @Test
  void anotherStacksNamesAreNotOwnEvenIfTheyBeginAlike() {
    String top = "secrets: {s: {environment: V, name: shop_admin_key}}";

    assertThat(check("secrets: [s]", top, Set.of("shop_admin")))
        .extracting(Refusal::where)
        .containsExactly("secrets.s.name", "services.web.secrets");
    assertThat(check("secrets: [s]", top, Set.of("shopping"))).isEmpty();
  }

  @Test
  void anExternalNameIsToldAsThat() {
    assertThat(check("secrets: [s]", "secrets: {s: {external: true, name: shop_key}}", "{}"))
        .extracting(Refusal::message)
        .containsExactly(
            "the secret 'shop_key' is external; to allow it, its source's policy needs"
                + " 'secrets: [shop_key]'");
  }

  /** What the service has, and the file's volumes: what nodes would make another of. */
  static List<Arguments> templates() {
    return List.of(
        Arguments.of("'vol:/d'", "{driver_opts: {type: tmpfs, o: '{{\"bind\"}}', device: /}}"),
        Arguments.of("'vol:/d'", "{driver_opts: {type: '{{\"none\"}}', o: ro, device: /}}"),
        Arguments.of("'vol:/d'", "{driver_opts: {type: nfs, device: ':/{{.Task.Slot}}'}}"),
        Arguments.of("'vol:/d'", "{driver: rexray, driver_opts: {'{{.Task.ID}}': x}}"),
        Arguments.of("'vol:/d'", "{driver: '{{\"rexray\"}}'}"),
        Arguments.of("'vol:/d'", "{labels: {x: '{{.Task.ID}}'}}"),
        Arguments.of("'vol:/d'", "{labels: {'{{.Task.ID}}': x}}"),
        Arguments.of("'vol:/{{.Task.ID}}'", "{}"),
        Arguments.of("{type: tmpfs, target: '/{{.Task.ID}}'}", "{}"),
        Arguments.of("'/srv/{{\"../var/run/docker.sock\"}}:/s'", "{}"),
        Arguments.of("{type: bind, source: '/srv/{{.Task.Slot}}', target: /s}", "{}"),
        Arguments.of("'vol:/d'", "{name: 'shop_{{\"admin\"}}_data'}"),
        Arguments.of("'vol:/d'", "{name: 'shop_{{.Service.Labels.x}}'}"),
        Arguments.of("'vol:/d'", "{name: 'shop_{{index .Service.Labels \"x\"}}'}"),
        Arguments.of("'vol:/d'", "{name: 'shop_x{{.Task.Slot}}{{\"y\"}}'}"),
        Arguments.of("'vol:/d'", "{name: 'shop_x {{- .Task.Slot}}'}"),
        Arguments.of("'vol:/d'", "{name: 'shop_x{{{.Task.Slot}}'}"),
        Arguments.of("'vol:/d'", "{name: 'shop_x{{.Task.Slot}}/../y'}"),
        Arguments.of("'vol:/d'", "{name: '{{.Service.Name}}_x'}"),
        Arguments.of("'vol:/d'", "{name: 'bank_{{.Task.Slot}}'}"),
        Arguments.of("'vol:/d'", "{external: true, name: 'shop_x_{{.Task.Slot}}'}"),
        Arguments.of("{type: cluster, source: 'group:{{.Task.Slot}}', target: /d}", "{}"));
  }

  @ParameterizedTest
  @MethodSource
  void templates(String mount, String volume) {
    String all =
        "{binds: [/, '/srv/*', '/srv/{{.Task.Slot}}'], engineSocket: true, volumes: ['*'],"
            + " volumeDrivers: [nfs, rexray]}";

    assertThat(check("volumes: [" + mount + "]", "volumes: {vol: " + volume + "}", all))
        .isNotEmpty()
        .allSatisfy(
            r -> {
              assertThat(r.where()).isEqualTo("services.web.volumes");
              assertThat(r.message())
                  .contains("is a template in '")
                  .contains("write what is meant");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "shop_data_{{.Task.Slot}}",
        "shop_data_{{ .Node.Hostname }}.{{.Node.ID}}",
        "shop_data_{{.Service.ID}}-{{.Service.Name}}-{{.Task.ID}}-{{.Task.Name}}"
      })
  void anOwnVolumesNameMayHavePlaceholdersWhereNoOtherStacksCanComeOfIt(String name) {
    String top = "volumes: {vol: {name: '" + name + "'}}";

    assertThat(check("volumes: ['vol:/d']", top, Set.of("shop_admin", "bank"))).isEmpty();
    assertThat(check("volumes: ['vol:/d']", top, Set.of("shop_data"))).hasSize(1);
    assertThat(check("volumes: ['vol:/d']", top, Set.of("shop_data_1"))).hasSize(1);
  }

  /** Options of a volume, what allows them but for a word that is not known, and that word. */
  static List<Arguments> options() {
    return List.of(
        Arguments.of("type: tmpfs, device: tmpfs, o: 'size=1m,Bind'", "{}", "Bind"),
        Arguments.of("type: tmpfs, device: tmpfs, o: 'ro,mpol=bind:0'", "{}", "mpol=bind:0"),
        Arguments.of("type: tmpfs, device: tmpfs, o: shared", "{}", "shared"),
        Arguments.of("type: none, device: /srv, o: 'bind,x=y'", "{binds: [/srv]}", "x=y"));
  }

  @ParameterizedTest
  @MethodSource
  void options(String options, String policy, String word) {
    assertThat(
            check(
                "volumes: ['vol:/d']", "volumes: {vol: {driver_opts: {" + options + "}}}", policy))
        .extracting(Refusal::message)
        .containsExactly(
            "the option '%s' of a volume's 'o' is not known to the policy, which refuses it"
                .formatted(word));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: tmpfs, device: tmpfs, o: 'size=64m,mode=0700,uid=1000,gid=1000,nr_inodes=10k'",
        "type: tmpfs, device: tmpfs, o: 'rw,noexec,nosuid,nodev,noatime,nodiratime,relatime'",
        "type: tmpfs, device: tmpfs",
        "type: none, device: /srv, o: 'rbind,ro,rslave'",
        "type: nfs, device: ':/x', o: 'addr=nfs.example.org,vers=4.1,soft,timeo=30'"
      })
  void optionsThatChangeNothingOfWhatIsMountedAreFree(String options) {
    assertThat(
            check(
                "volumes: ['vol:/d']",
                "volumes: {vol: {driver_opts: {" + options + "}}}",
                "{binds: [/srv], volumeDrivers: [nfs]}"))
        .isEmpty();
  }

  @Test
  void whatThePolicyDoesNotKnowIsRefused() {
    ComposeFile file = file("image: web", "");
    StackObjects objects = Converter.convert(file, STACK);
    ((com.fasterxml.jackson.databind.node.ObjectNode)
            objects.services().getFirst().at("/TaskTemplate/ContainerSpec"))
        .put("Privileged", true);

    assertThat(PolicyCheck.check(file, objects, STACK, Set.of(), Policy.strict()))
        .extracting(Refusal::message)
        .containsExactly("'Privileged' is not known to the policy, which refuses it");
  }

  @ParameterizedTest
  @MethodSource("dev.skep.deployer.compose.ComposeCases#names")
  void thePolicyKnowsEverythingThatStacksCanHold(String name) {
    ComposeFile file = Compose.load(ComposeCases.files(name), ComposeCases.VARIABLES);
    StackObjects objects = Converter.convert(file, STACK);

    assertThat(PolicyCheck.check(file, objects, STACK, Set.of(), Policy.strict()))
        .extracting(Refusal::message)
        .noneMatch(m -> m.contains("not known to the policy"));
  }

  private static Arguments row(String service, String where, String allowing) {
    return Arguments.of(service, "", where, allowing);
  }

  private static Arguments row(String service, String top, String where, String allowing) {
    return Arguments.of(service, top, where, allowing);
  }

  private static List<Refusal> check(String service, String top, String policy) {
    ComposeFile file = file(service, top);
    return PolicyCheck.check(file, Converter.convert(file, STACK), STACK, Set.of(), policy(policy));
  }

  private static List<Refusal> check(String service, String top, Set<String> others) {
    ComposeFile file = file(service, top);
    return PolicyCheck.check(file, Converter.convert(file, STACK), STACK, others, Policy.strict());
  }

  private static ComposeFile file(String service, String top) {
    String rest = service.startsWith("{") ? service.substring(1, service.length() - 1) : service;
    String yaml =
        service.equals("image: web")
            ? "services:\n  web: {\n    image: web}\n" + top
            : "services:\n  web: {image: web,\n    " + rest.replace("\n", " ") + "}\n" + top;
    return Compose.load(
        List.of(Path.of("/repository/compose.yml")),
        Map.of("V", "value"),
        (path, limit) -> yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static Policy policy(String yaml) {
    SourcesFile file =
        SourcesFile.read(
            "sources.yml", "sources: {s: {url: /x, policy: " + yaml + "}}", Path.of("/"));
    assertThat(file.broken()).isEmpty();
    return file.sources().getFirst().policy();
  }
}
