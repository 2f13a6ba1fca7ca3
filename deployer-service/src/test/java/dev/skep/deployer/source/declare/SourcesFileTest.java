package dev.skep.deployer.source.declare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.compose.ComposeProblem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SourcesFileTest {
  private static final Path SECRETS = Path.of("/run/secrets");

  @Test
  void aUrlIsEnough() {
    Source source = one("sources: {shop: {url: 'https://git.example.org/team/shop.git'}}");

    assertThat(source.name()).isEqualTo("shop");
    assertThat(source.reference()).isEqualTo("HEAD");
    assertThat(source.poll()).isEqualTo(Duration.ofSeconds(60));
    assertThat(source.layout()).isEqualTo(new Layout("skep.yml", List.of("stacks/*"), false));
    assertThat(source.prune()).isFalse();
    assertThat(source.resolveImage()).isEqualTo(ResolveImage.ALWAYS);
    assertThat(source.heal()).isEqualTo(Heal.REPORT);
    assertThat(source.variables()).isEmpty();
    assertThat(source.webhookSecret()).isEmpty();
    assertThat(source.ageKey()).isEmpty();
    assertThat(source.status()).isEmpty();
    assertThat(source.policy()).isEqualTo(Policy.strict());
  }

  @Test
  void everyKeyIsRead() {
    Source source =
        one(
            """
            sources:
              shop:
                url: https://git.example.org/team/shop.git
                branch: main
                user: deploy
                tokenFile: shop_token
                poll: 5s
                folders: [apps/*, tools/*]
                stacks: [shop, "shop-*"]
                prune: true
                resolveImage: never
                heal: restore
                variables:
                  TAG: "1.2"
                  LEVEL: {value: high}
                  PASSWORD: {valueFile: shop_password}
                webhook: {secretFile: /etc/hook}
                policy:
                  secrets: [shared]
                  configs: ["c*"]
                  networks: [skep-edge]
                  volumes: [data]
                  binds: [/srv/shop, /srv/media/*]
                  engineSocket: true
                  capabilities: [net_admin, CAP_SYS_TIME]
                  sysctls: ["net.*"]
                  hostPorts: [8080, "9000-9010"]
                  ports: [80]
                  managers: true
                  labels: [dev.skep.update]
                  logDrivers: [syslog]
                  volumeDrivers: [nfs]
                  networkDrivers: [macvlan]
                  settings: [credential_spec]
                  adopt: [old]
            """);

    assertThat(source.reference()).isEqualTo("refs/heads/main");
    assertThat(source.credentials().user()).isEqualTo("deploy");
    assertThat(source.credentials().token()).contains(Path.of("/run/secrets/shop_token"));
    assertThat(source.poll()).isEqualTo(Duration.ofSeconds(5));
    assertThat(source.layout().folders()).containsExactly("apps/*", "tools/*");
    assertThat(source.stacks().allow("shop-admin")).isTrue();
    assertThat(source.prune()).isTrue();
    assertThat(source.resolveImage()).isEqualTo(ResolveImage.NEVER);
    assertThat(source.heal()).isEqualTo(Heal.RESTORE);
    assertThat(source.variables())
        .containsEntry("TAG", new Variable.Text("1.2"))
        .containsEntry("LEVEL", new Variable.Text("high"))
        .containsEntry("PASSWORD", new Variable.File(Path.of("/run/secrets/shop_password")));
    assertThat(source.webhookSecret()).contains(Path.of("/etc/hook"));
    Policy policy = source.policy();
    assertThat(policy.secrets().allow("shared")).isTrue();
    assertThat(policy.configs().allow("certs")).isTrue();
    assertThat(policy.networks().allow("skep-edge")).isTrue();
    assertThat(policy.volumes().allow("data")).isTrue();
    assertThat(policy.binds()).containsExactly("/srv/shop", "/srv/media/*");
    assertThat(policy.engineSocket()).isTrue();
    assertThat(policy.capabilities()).containsExactlyInAnyOrder("CAP_NET_ADMIN", "CAP_SYS_TIME");
    assertThat(policy.sysctls().allow("net.core.somaxconn")).isTrue();
    assertThat(policy.hostPorts().allow(9010)).isTrue();
    assertThat(policy.hostPorts().allow(9011)).isFalse();
    assertThat(policy.ports().allow(80)).isTrue();
    assertThat(policy.managers()).isTrue();
    assertThat(policy.labels().allow("dev.skep.update")).isTrue();
    assertThat(policy.logDrivers()).containsExactly("syslog");
    assertThat(policy.volumeDrivers()).containsExactly("nfs");
    assertThat(policy.networkDrivers()).containsExactly("macvlan");
    assertThat(policy.settings()).containsExactly("credential_spec");
    assertThat(policy.adopt().allow("old")).isTrue();
  }

  @Test
  void everythingThatIsWrongIsToldAtOnceWithItsPlace() {
    SourcesFile file =
        read(
            """
            sources:
              shop:
                url: http://git.example.org/shop.git
                brnach: main
                poll: 1s
                variables:
                  A: {value: a, valueFile: b}
                policy:
                  hostPorts: [0]
                  binds: [srv]
            """);

    assertThat(file.sources()).isEmpty();
    assertThat(file.broken().get("shop"))
        .extracting(ComposeProblem::toString)
        .anySatisfy(p -> assertThat(p).startsWith("sources.yml:3:10: url: 'http' is not a way"))
        .anySatisfy(
            p ->
                assertThat(p)
                    .isEqualTo(
                        "sources.yml:4:5: unknown key 'brnach' in sources.shop; did you mean 'branch'?"))
        .anySatisfy(p -> assertThat(p).startsWith("sources.yml:5:11: '1s' is not how often"))
        .anySatisfy(p -> assertThat(p).startsWith("sources.yml:7:7: variables.A: set either"))
        .anySatisfy(p -> assertThat(p).startsWith("sources.yml:9:18: hostPorts: '0' is neither"))
        .anySatisfy(p -> assertThat(p).startsWith("sources.yml:10:15: binds: 'srv' must be"))
        .hasSize(6);
  }

  @Test
  void aSourceThatIsWrongDoesNotTouchTheOthers() {
    SourcesFile file =
        read("sources: {bad: {}, good: {url: /srv/git/good.git}, Worse!: {url: /srv/git/x.git}}");

    assertThat(file.sources()).extracting(Source::name).containsExactly("good");
    assertThat(file.broken().get("bad").getFirst().message())
        .isEqualTo("sources.bad: 'url' is missing");
    assertThat(file.problems().getFirst().message()).contains("'Worse!' is not a source's name");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "sources:", "sourcs: {}", "a: [", "sources: 5"})
  void aFileWithoutSourcesIsToldAndLeavesNone(String yaml) {
    SourcesFile file = read(yaml);

    assertThat(file.sources()).isEmpty();
    assertThat(file.problems()).isNotEmpty();
    assertThat(file.problems().toString()).doesNotContain("services");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# nothing\n", "# nothing\n  # yet\n\n"})
  void anEmptyFileDeclaresNothingAndIsNotWrong(String yaml) {
    assertThat(read(yaml)).isEqualTo(SourcesFile.none());
  }

  @ParameterizedTest
  @CsvSource({
    "https://github.com/team/shop.git, github, https://api.github.com, team/shop",
    "git@github.com:team/shop.git, github, https://api.github.com, team/shop",
    "https://git.example.org/team/shop, github, https://git.example.org/api/v3, team/shop",
    "https://gitlab.com/group/team/shop.git, gitlab, https://gitlab.com/api/v4, group/team/shop",
    "ssh://git@git.example.org:2222/team/shop.git, gitlab, https://git.example.org/api/v4, team/shop",
    "https://git.example.org:3000/team/shop.git/, gitea, https://git.example.org:3000/api/v1, team/shop",
  })
  void whereStatusesAreToldFollowsFromTheAddress(
      String url, String provider, String api, String project) {
    String key = url.startsWith("https") ? "" : "sshKeyFile: k, knownHostsFile: h,";
    Source source =
        one(
            "sources: {shop: {url: '%s', %s status: {provider: %s, tokenFile: t}}}"
                .formatted(url, key, provider));

    assertThat(source.status())
        .contains(
            new StatusTarget(
                StatusTarget.Provider.valueOf(provider.toUpperCase(Locale.ROOT)),
                api,
                project,
                SECRETS.resolve("t")));
  }

  @Test
  void whereStatusesAreToldCanBeSaid() {
    Source source =
        one(
            """
            sources:
              shop:
                url: /srv/git/shop.git
                ageKeyFile: shop_age
                status:
                  provider: gitlab
                  api: https://git.example.org/gitlab/api/v4/
                  project: group/team/shop
                  tokenFile: /etc/token
            """);

    assertThat(source.ageKey()).contains(Path.of("/run/secrets/shop_age"));
    assertThat(source.status())
        .contains(
            new StatusTarget(
                StatusTarget.Provider.GITLAB,
                "https://git.example.org/gitlab/api/v4",
                "group/team/shop",
                Path.of("/etc/token")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "provider: gitlab, tokenFile: t                                   | add 'api: https",
        "provider: gitea, tokenFile: t, api: 'http://host/api'             | must be https",
        "provider: gitea, tokenFile: t, api: 'https://u:hunter2@host/api'  | must be https",
        "provider: gitea, tokenFile: t, api: 'https://host/', project: a   | is not the path of",
        "provider: gitea, tokenFile: t, api: 'https://host/', project: a/b/c | is not the path of",
        "provider: github, api: 'https://host/'                            | 'tokenFile' is missing",
        "provider: svn, tokenFile: t                                       | svn",
      })
  void whatIsWrongWithTheStatusIsToldWithWhatToDo(String status, String told) {
    SourcesFile file = read("sources: {shop: {url: /srv/shop, status: {%s}}}".formatted(status));

    assertThat(file.sources()).isEmpty();
    assertThat(file.broken().get("shop").toString()).contains(told).doesNotContain("hunter2");
  }

  @ParameterizedTest
  @CsvSource({
    "https://host/a.git, HTTPS, host",
    "HTTPS://host:8443/a/b.git, HTTPS, host",
    "ssh://git@host:2222/a.git, SSH, host",
    "ssh://host/a.git, SSH, host",
    "git@host.example.org:team/a.git, SSH, host.example.org",
    "/srv/git/a.git, PATH, ''",
  })
  void theseAddressesAreKnown(String text, GitUrl.Kind kind, String host) {
    assertThat(GitUrl.parse(text)).isEqualTo(new GitUrl(kind, text, host));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://host/a.git",
        "git://host/a.git",
        "file:///etc",
        "ftp://host/a",
        "ext::sh -c id",
        "ssh://-oProxyCommand=id/a",
        "git@-oProxyCommand=id:a",
        "git@host:-a",
        "relative/a.git",
        "../a.git",
        "https://host",
        "https://host/",
        "https:///a.git",
        "https://host/a.git?x=1",
        "https://host/a.git#main",
        "https://user:hunter2@host/a.git",
        "https://hunter2@host/a.git",
        "ssh://git:hunter2@host/a.git",
        "",
      })
  void noOtherAddressIsTakenAndNoPasswordIsTold(String text) {
    assertThatThrownBy(() -> GitUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void aRepositoryBySshNeedsItsHostsKey() {
    SourcesFile file =
        read("sources: {shop: {url: 'git@host:a.git', sshKeyFile: key, tokenFile: token}}");

    assertThat(file.broken().get("shop"))
        .extracting(ComposeProblem::message)
        .anySatisfy(m -> assertThat(m).startsWith("'knownHostsFile' is missing"))
        .anySatisfy(m -> assertThat(m).startsWith("'tokenFile' does not go with this url"))
        .hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "*, shop_db, true",
    "*, skep_token, false",
    "*, skep, false",
    "*edge, skep-edge, false",
    "skep-*, skep-edge, true",
    "skep_token, skep_token, true",
    "skep_token, skep_tokens, false",
    "*, skeptic, true",
    "a*c, abc, true",
    "a*c, abd, false",
    "a.c, abc, false",
  })
  void theSuitesNamesAreOnlyMeantByTheirOwn(String pattern, String name, boolean allowed) {
    assertThat(new NamePatterns(List.of(pattern)).allow(name)).isEqualTo(allowed);
  }

  @Test
  void valuesOfVariablesAreNotPrinted() {
    Source source = one("sources: {a: {url: /srv/a, variables: {P: hunter2}}}");

    assertThat(source.toString()).doesNotContain("hunter2");
    assertThat(source.variables().toString()).doesNotContain("hunter2");
  }

  private static SourcesFile read(String yaml) {
    return SourcesFile.read("sources.yml", yaml, SECRETS);
  }

  private static Source one(String yaml) {
    SourcesFile file = read(yaml);
    assertThat(file.problems()).isEmpty();
    assertThat(file.broken()).isEmpty();
    return file.sources().getFirst();
  }
}
