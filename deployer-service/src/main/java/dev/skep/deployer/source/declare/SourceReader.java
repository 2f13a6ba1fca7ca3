package dev.skep.deployer.source.declare;

import dev.skep.deployer.apply.Heal;
import dev.skep.deployer.apply.ResolveImage;
import dev.skep.deployer.compose.Problems;
import dev.skep.deployer.compose.SettingsFile;
import dev.skep.deployer.compose.Value;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads one source's settings and tells everything that is wrong with them. */
final class SourceReader {
  private static final Duration POLL = Duration.ofSeconds(60);
  private static final Duration SHORTEST_POLL = Duration.ofSeconds(5);
  private static final Duration LONGEST_POLL = Duration.ofDays(1);
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,6})(s|m|h)");

  /** What Git allows in names of branches and tags, as far as anyone uses it. */
  private static final Pattern REFERENCE =
      Pattern.compile("(?!-)(?!.*(?:\\.\\.|@\\{|//))[A-Za-z0-9._/+@#-]{1,200}");

  private final Path secrets;
  private final Problems problems;

  SourceReader(Path secrets, Problems problems) {
    this.secrets = secrets;
    this.problems = problems;
  }

  /** The source; to be used only if no problem was told. */
  Source read(String name, Value settings, String path) {
    Fields fields = SettingsFile.source(settings, path, problems);
    return new Source(
        name,
        url(fields),
        reference(fields),
        credentials(fields),
        poll(fields),
        layout(fields),
        new NamePatterns(fields.textsOf("stacks")),
        Boolean.TRUE.equals(fields.flag("prune")),
        fields.has("resolveImage")
            ? ResolveImage.of(fields.text("resolveImage"))
            : ResolveImage.ALWAYS,
        fields.has("heal") ? Heal.of(fields.text("heal")) : Heal.REPORT,
        variables(fields.fieldsOf("variables")),
        file(fields.fieldsOf("webhook"), "secretFile"),
        file(fields, "ageKeyFile"),
        status(fields),
        new PolicyReader(problems).read(fields.fieldsOf("policy")));
  }

  private GitUrl url(Fields fields) {
    if (fields.get("url") instanceof Scalar url) {
      try {
        return GitUrl.parse(url.text());
      } catch (IllegalArgumentException e) {
        problems.error(url.mark(), "url: " + e.getMessage());
      }
    }
    return new GitUrl(GitUrl.Kind.PATH, "/", "");
  }

  private String reference(Fields fields) {
    if (fields.has("branch") && fields.has("tag")) {
      problems.error(fields.markOf("tag"), "'branch' and 'tag' exclude each other; remove one");
    }
    for (String key : List.of("branch", "tag")) {
      String name = fields.text(key);
      if (!name.isEmpty()) {
        if (!REFERENCE.matcher(name).matches()) {
          problems.error(
              fields.get(key).mark(), "'%s' is not the name of a %s".formatted(name, key));
        }
        return (key.equals("branch") ? "refs/heads/" : "refs/tags/") + name;
      }
    }
    return "HEAD";
  }

  private Credentials credentials(Fields fields) {
    GitUrl.Kind kind = url(fields, new Problems()).kind();
    Optional<Path> token = file(fields, "tokenFile");
    Optional<Path> key = file(fields, "sshKeyFile");
    Optional<Path> hosts = file(fields, "knownHostsFile");
    if (kind == GitUrl.Kind.SSH) {
      for (String needed : List.of("sshKeyFile", "knownHostsFile")) {
        if (!fields.has(needed)) {
          problems.error(
              fields.markOf("url"),
              "'%s' is missing: a repository by ssh needs a key and its host's public key (%s)"
                  .formatted(
                      needed, "ssh-keyscan HOST prints it; compare it with the host's own page"));
        }
      }
    }
    not(fields, "tokenFile", kind != GitUrl.Kind.HTTPS, "a token is for https");
    not(fields, "user", kind != GitUrl.Kind.HTTPS, "it belongs to a token for https");
    not(fields, "sshKeyFile", kind != GitUrl.Kind.SSH, "a key is for ssh");
    not(fields, "knownHostsFile", kind != GitUrl.Kind.SSH, "hosts' keys are for ssh");
    String user = fields.text("user");
    return new Credentials(user.isEmpty() ? "git" : user, token, key, hosts);
  }

  private GitUrl url(Fields fields, Problems unheard) {
    return new SourceReader(secrets, unheard).url(fields);
  }

  private void not(Fields fields, String key, boolean wrong, String why) {
    if (wrong && fields.has(key)) {
      problems.error(
          fields.markOf(key), "'%s' does not go with this url: %s; remove it".formatted(key, why));
    }
  }

  private Duration poll(Fields fields) {
    String text = fields.text("poll");
    if (text.isEmpty()) {
      return POLL;
    }
    Matcher m = DURATION.matcher(text);
    if (m.matches()) {
      long n = Long.parseLong(m.group(1));
      Duration poll =
          switch (m.group(2)) {
            case "s" -> Duration.ofSeconds(n);
            case "m" -> Duration.ofMinutes(n);
            default -> Duration.ofHours(n);
          };
      if (poll.compareTo(SHORTEST_POLL) >= 0 && poll.compareTo(LONGEST_POLL) <= 0) {
        return poll;
      }
    }
    problems.error(
        fields.get("poll").mark(),
        "'%s' is not how often to look: a number with s, m or h, from 5s to 24h".formatted(text));
    return POLL;
  }

  private Layout layout(Fields fields) {
    if (fields.has("manifest") && fields.has("folders")) {
      problems.error(
          fields.markOf("folders"), "'manifest' and 'folders' exclude each other; remove one");
    }
    List<String> folders = SettingsFile.texts(fields, "folders");
    folders.forEach(f -> inside(fields, "folders", f));
    String manifest = fields.text("manifest");
    inside(fields, "manifest", manifest);
    return new Layout(
        manifest.isEmpty() ? Layout.MANIFEST : manifest,
        folders.isEmpty() ? List.of(Layout.FOLDERS) : folders,
        !folders.isEmpty());
  }

  private void inside(Fields fields, String key, String path) {
    boolean outside =
        path.startsWith("/") || List.of(path.split("/", -1)).stream().anyMatch(".."::equals);
    if (outside) {
      problems.error(
          fields.markOf(key),
          "'%s' must be a path in the repository, without '..', not '%s'".formatted(key, path));
    }
  }

  private Map<String, Variable> variables(Fields fields) {
    Map<String, Variable> result = new LinkedHashMap<>();
    fields
        .fields()
        .forEach(
            (name, field) -> {
              switch (field.value()) {
                case Scalar value -> result.put(name, new Variable.Text(value.text()));
                case Fields form when form.has("value") != form.has("valueFile") ->
                    result.put(
                        name,
                        file(form, "valueFile")
                            .<Variable>map(Variable.File::new)
                            .orElseGet(() -> new Variable.Text(form.text("value"))));
                default ->
                    problems.error(
                        field.keyMark(),
                        "variables.%s: set either 'value' or 'valueFile'".formatted(name));
              }
            });
    return result;
  }

  private Optional<StatusTarget> status(Fields source) {
    Fields fields = source.fieldsOf("status");
    Optional<Path> token = file(fields, "tokenFile");
    if (!source.has("status") || fields.text("provider").isEmpty() || token.isEmpty()) {
      return Optional.empty();
    }
    StatusTarget.Provider provider = StatusTarget.Provider.of(fields.text("provider"));
    GitUrl url = url(source, new Problems());
    Optional<String> api = StatusTarget.api(provider, url);
    if (fields.has("api")) {
      try {
        api = Optional.of(StatusTarget.api(fields.text("api")));
      } catch (IllegalArgumentException e) {
        problems.error(fields.get("api").mark(), "status.api: " + e.getMessage());
      }
    }
    String project =
        fields.has("project") ? fields.text("project") : StatusTarget.project(url).orElse("");
    if (api.isEmpty()) {
      problems.error(
          source.markOf("status"), "status: the url tells no host; add 'api: https://HOST/PATH'");
    }
    if (!StatusTarget.isProject(provider, project)) {
      problems.error(
          source.markOf("status"),
          "status: '%s' is not the path of a repository at its host; add 'project: OWNER/NAME'"
              .formatted(project));
    }
    String where = api.orElse("");
    return token.map(t -> new StatusTarget(provider, where, project, t));
  }

  private Optional<Path> file(Fields fields, String key) {
    String name = fields.text(key);
    return name.isEmpty() ? Optional.empty() : Optional.of(secrets.resolve(name).normalize());
  }
}
