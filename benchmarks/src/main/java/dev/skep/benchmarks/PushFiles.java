package dev.skep.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;

/** The texts of the benchmark {@code push-latency}. Pure. */
final class PushFiles {
  private PushFiles() {}

  /**
   * A compose file: services of which no task runs.
   *
   * @param version a word that all services hold, so that another one changes them all
   * @param follow whether they follow what their image's tag points to
   */
  static String compose(int services, String image, String version, boolean follow) {
    StringBuilder text = new StringBuilder("services:\n");
    for (int i = 1; i <= services; i++) {
      text.append(
          """
            s%04d:
              image: %s
              environment: {VERSION: "%s", LOG_LEVEL: info}
              stop_grace_period: 10s
              healthcheck: {test: ["CMD", "true"], interval: 10s, timeout: 2s, retries: 3}
              deploy:
                replicas: 0
                endpoint_mode: dnsrr
                labels: {owner: "team-%d"%s}
                resources: {limits: {cpus: "0.5", memory: 64M}}
          """
              .formatted(i, image, version, i % 7, follow ? ", dev.skep.image: digest" : ""));
    }
    return text.toString();
  }

  /** A file that no stack names, of about a kilobyte. */
  static String other(int number) {
    return String.format(Locale.ROOT, "File %d. Nothing reads it.%n", number).repeat(36);
  }

  /**
   * One entry of the file that declares sources, below {@code sources:}.
   *
   * @param secret the file with what webhooks are signed with
   */
  static String source(String name, Path repository, Path secret, boolean resolveImages) {
    // Asked once an hour: whatever is seen of a push was told of by its webhook.
    return """
      %s:
        url: '%s'
        branch: main
        poll: 1h
        resolveImage: %s
        webhook: {secretFile: '%s'}
        policy: {labels: [dev.skep.image]}
    """
        .formatted(name, repository, resolveImages ? "always" : "never", secret);
  }

  /**
   * What a Git host runs when something was pushed: it notes the time and tells the deployer, as
   * GitHub does. Needs {@code date} of GNU, {@code openssl} and {@code curl}.
   *
   * @param pushed the file that gets the time, in nanoseconds since the epoch
   * @param answer the file that gets the status of the answer
   */
  static String hook(URI webhook, Path secret, Path pushed, Path answer) {
    return """
    #!/bin/sh
    date +%%s%%N >'%s'
    read -r before after ref
    body=$(printf '{"ref":"%%s","before":"%%s","after":"%%s"}' "$ref" "$before" "$after")
    signature=$(printf %%s "$body" | openssl dgst -sha256 -hmac "$(cat '%s')" | sed 's/.* //')
    curl --silent --show-error --noproxy '*' --max-time 10 \\
      --header 'Content-Type: application/json' --header 'X-GitHub-Event: push' \\
      --header "X-Hub-Signature-256: sha256=$signature" --data-binary "$body" \\
      --output /dev/null --write-out '%%{http_code}' '%s' >'%s'
    """
        .formatted(pushed, secret, webhook, answer);
  }

  /** The configuration of a registry on loopback that tells of pushes. */
  static String registry(int port, URI hook, String secret) {
    return """
    version: 0.1
    log: {level: warn, accesslog: {disabled: true}}
    storage: {filesystem: {rootdirectory: /var/lib/docker-registry}}
    http: {addr: "127.0.0.1:%d"}
    notifications:
      endpoints:
        - name: skep
          url: %s
          headers: {Authorization: [Bearer %s]}
          ignore: {mediatypes: [application/octet-stream], actions: [pull]}
          timeout: 5s
          threshold: 5
          backoff: 10s
    """
        .formatted(port, hook, secret);
  }
}
