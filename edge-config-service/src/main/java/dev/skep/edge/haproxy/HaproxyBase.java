package dev.skep.edge.haproxy;

/** The part of the configuration that is the same whatever is served: only a reload changes it. */
final class HaproxyBase {
  /** The defaults section of every backend, those made at run time too. */
  static final String BACKEND_DEFAULTS = "skep-backend";

  private final HaproxySettings s;

  HaproxyBase(HaproxySettings settings) {
    this.s = settings;
  }

  /**
   * The text.
   *
   * @param hash of itself, shown by {@code show info}: so an agent knows what a process was started
   *     with
   */
  String text(String hash) {
    return global(hash)
        + defaults()
        + health()
        + frontend("web", bind(s.httpPort()), "http", s.publicHttpPort(), ProxyState.WEB)
        + frontend("websecure", tlsBind(), "https", s.publicHttpsPort(), ProxyState.WEBSECURE)
        + """

        # Where a map names a backend that is not there: the page of one without servers.
        backend skep-none from skep-backend
        """;
  }

  private String global(String hash) {
    return """
    # Written by the edge agent: changes made by hand are lost.
    global
        description "skep %s"
        log stdout format raw local0 notice
        maxconn 10000
        no strict-limits
        stats socket %s/run/admin.sock mode 600 level admin
        stats timeout 30s
        hard-stop-after %ds
        mworker-max-reloads 50
        tune.ssl.default-dh-param 2048
        ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets
        ssl-default-bind-ciphers ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305
        ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256
    """
        .formatted(hash, Token.word(s.dir()), s.hardStopAfter().toSeconds());
  }

  private static String defaults() {
    return """

    defaults skep-frontend
        mode http
        log global
        option dontlognull
        timeout client 60s
        timeout http-request 10s
        timeout http-keep-alive 30s

    # A connection that fails is tried again on another server; a request that a server took and
    # did not answer too, where the method allows (the frontends forbid it for the others).
    defaults skep-backend
        mode http
        log global
        balance roundrobin
        option redispatch 1
        retries 3
        retry-on conn-failure empty-response
        timeout connect 2s
        timeout queue 5s
        timeout server 60s
        timeout tunnel 1h
        http-error status 502 content-type text/plain string "502 the service did not answer properly"
        http-error status 503 content-type text/plain string "503 no server is ready for this service"
        http-error status 504 content-type text/plain string "504 the service did not answer in time"
    """;
  }

  /** For whoever shares the directory: the container's health check, and keepalived. */
  private String health() {
    return """

    # Answers 200 as long as this HAProxy takes connections; neither logged nor routed.
    frontend skep-health from skep-frontend
        bind unix@%s/run/health.sock mode 600
        no log
        monitor-uri /
    """
        .formatted(Token.word(s.dir()));
  }

  private String frontend(String name, String bind, String scheme, int port, String map) {
    String maps = Token.word(s.dir()) + "/maps/";
    return """

    frontend %1$s from skep-frontend
        bind %2$s
        http-request set-var(txn.host) req.hdr(host),host_only,lower,rtrim(.)
        # http-01: any token is answered from the account's thumbprint alone.
        http-request set-var(txn.account) str(thumbprint),map(%3$sacme.map)
        http-request return status 200 content-type text/plain hdr cache-control no-store lf-string "%%[path,field(4,/)].%%[var(txn.account)]" if { var(txn.account) -m found } { path -m reg ^/\\.well-known/acme-challenge/[A-Za-z0-9_-]+$ }
        # The longest key that starts host and path, else one without a host.
        http-request set-var-fmt(txn.key) "%%[var(txn.host)]%%[path]"
        http-request set-var(txn.route) var(txn.key),map_beg(%3$s%4$s)
        http-request set-var(txn.route) path,map_beg(%3$s%4$s) unless { var(txn.route) -m found }
        http-request return status 404 content-type text/plain string "404 no route leads here" unless { var(txn.route) -m found }
    %5$s    http-request disable-l7-retry unless { method GET HEAD OPTIONS }
        # What clients say about themselves is not passed on.
        http-request del-header ^x[-_](forwarded([-_].*)?|real[-_]ip)$ -m reg
        http-request del-header forwarded
        http-request set-header X-Forwarded-For %%[src]
        http-request set-header X-Real-Ip %%[src]
        http-request set-header X-Forwarded-Proto %6$s
        http-request set-header X-Forwarded-Host %%[req.hdr(host)]
        http-request set-header X-Forwarded-Port %7$d
        http-request set-var(txn.own) var(txn.route),map(%3$shosts.map)
        http-request set-header Host %%[var(txn.own)] if { var(txn.own) -m found }
        use_backend %%[var(txn.route)]
        default_backend skep-none
    """
        .formatted(name, bind, maps, map, scheme.equals("http") ? redirects() : "", scheme, port);
  }

  /** 308 keeps the method; for GET and HEAD the 301 says the same and every client knows it. */
  private String redirects() {
    String location =
        "https://%[var(txn.host)]"
            + (s.publicHttpsPort() == 443 ? "" : ":" + s.publicHttpsPort())
            + "%[pathq]";
    String to = "    http-request redirect code %d location %s if { var(txn.route) -m str ~https }";
    return to.formatted(301, location)
        + " { method GET HEAD }\n"
        + to.formatted(308, location)
        + "\n";
  }

  private String bind(int port) {
    return Token.word(s.bindAddress()) + ":" + port;
  }

  private String tlsBind() {
    String dir = Token.word(s.dir());
    return "%s ssl crt %s/%s crt-list %s/%s alpn h2,http/1.1"
        .formatted(
            bind(s.httpsPort()), dir, HaproxyFiles.DEFAULT_CERTIFICATE, dir, HaproxyFiles.CRT_LIST);
  }
}
