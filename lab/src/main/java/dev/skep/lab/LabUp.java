package dev.skep.lab;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * Makes a lab, or what is missing of it. Every step looks first at what is there: a start that was
 * interrupted, a machine that was restarted and a whole lab are all the same to it.
 */
final class LabUp {
  private static final Duration START = Duration.ofSeconds(60);
  private static final String LISTENING =
      ": </dev/tcp/127.0.0.1/14000 && cat /var/lib/pebble/ca.pem";

  private final Docker docker;
  private final LabSpec spec;
  private final List<String> images;
  private final Progress progress;
  private final Containers containers;

  LabUp(Docker docker, LabSpec spec, List<String> images, Progress progress) {
    this.docker = docker;
    this.spec = spec;
    this.images = images;
    this.progress = progress;
    containers = new Containers(spec);
  }

  void run() {
    checkEngine();
    Host.memoryWarning(spec.shape().nodes().size()).ifPresent(progress::say);
    Host.makeDirectory(spec.directory());
    try (FileChannel channel = open(spec.directory().resolve("lock"));
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new LabException("Another start of the lab " + spec.name() + " is under way.");
      }
      build();
    } catch (IOException e) {
      throw new LabException("Cannot lock " + spec.directory() + ": " + e.getMessage(), e);
    }
  }

  private void build() {
    Host.makeDirectory(spec.sockets());
    Host.makePassphrase(spec.directory().resolve("passphrase"));
    makeNetwork();
    Parallel.all(List.of(this::startAcme, this::startRegistry, this::startNodes));
  }

  private void checkEngine() {
    if (!docker.host().startsWith("unix://")) {
      throw new LabException(
          "The lab needs an Engine on this machine, and DOCKER_HOST is "
              + docker.host()
              + ". Unset it.");
    }
    Result result = docker.run("info", "--format", "{{.ServerVersion}}");
    if (!result.ok()) {
      throw new LabException(
          "No Docker Engine answers at "
              + docker.host()
              + ": "
              + result.reason()
              + ". Start it (systemctl start docker), or let Skep do it: ./skep lab up --yes");
    }
    for (String image :
        List.of(Containers.NODE_IMAGE, Containers.REGISTRY_IMAGE, Containers.ACME_IMAGE)) {
      if (!docker.run("image", "inspect", image).ok()) {
        throw new LabException(
            "There is no image "
                + image
                + ". Build it: images/lab-"
                + image.replaceFirst(".*/", "")
                + "/build");
      }
    }
  }

  private void makeNetwork() {
    if (docker.run("network", "inspect", spec.name()).ok()) {
      return;
    }
    Host.interfaceIn(spec.subnet())
        .ifPresent(
            name -> {
              throw new LabException(
                  "The interface "
                      + name
                      + " has an address in "
                      + spec.subnet().cidr()
                      + ". Take another network: --subnet 172.30.85.0/24");
            });
    Result result =
        docker.run(
            "network",
            "create",
            "--subnet",
            spec.subnet().cidr(),
            "--label",
            LabSpec.LABEL + "=" + spec.name(),
            "--label",
            LabSpec.SHAPE_LABEL + "=" + spec.shape(),
            spec.name());
    if (!result.ok()) {
      throw new LabException(
          "The network "
              + spec.subnet().cidr()
              + " cannot be made: "
              + result.reason()
              + ". If another network has these addresses (docker network inspect), take others:"
              + " --subnet 172.30.85.0/24");
    }
  }

  private void startAcme() {
    start(Containers.ACME, containers.acme());
    Path file = spec.directory().resolve("acme-ca.pem");
    String container = spec.container(Containers.ACME);
    Await.until(
        START,
        () -> {
          Result result = docker.run("exec", container, "bash", "-c", LISTENING);
          return result.ok() && write(file, result.out());
        },
        () -> "Pebble does not start. See: docker logs " + container);
  }

  private void startRegistry() {
    start(Containers.REGISTRY, containers.registry());
    new Registry(docker, spec, progress).push(images);
  }

  private void startNodes() {
    String cgroups = docker.text("info", "--format", "{{.CgroupVersion}}");
    int group = Host.engineGroup(docker.host());
    Parallel.each(
        spec.shape().nodes(), node -> start(node.name(), containers.node(node, cgroups, group)));
    Parallel.each(
        spec.shape().nodes(),
        node ->
            Await.until(
                START,
                () -> EnginePing.answers(spec.socket(node.name())),
                () ->
                    "The Engine of "
                        + node.name()
                        + " does not answer after "
                        + START.toSeconds()
                        + " s. See: ./skep lab logs "
                        + node.name()));
    progress.say("The Engines of " + spec.shape().nodes().size() + " nodes answer");
    new Swarm(spec, progress).form();
  }

  /** Brings a container to life that was stopped, paused or half made; else makes it. */
  private void start(String part, List<String> run) {
    String container = spec.container(part);
    Result found = docker.run("container", "inspect", "--format", "{{.State.Status}}", container);
    if (found.ok()) {
      boolean alive =
          switch (found.text()) {
            case "running", "restarting" -> true;
            case "paused" -> docker.run("unpause", container).ok();
            default -> docker.run("start", container).ok();
          };
      if (alive) {
        return;
      }
      docker.text("rm", "--force", container);
    }
    docker.text(
        "volume", "create", "--label", LabSpec.LABEL + "=" + spec.name(), spec.volume(part));
    docker.text(run);
  }

  private static boolean write(Path file, String text) {
    if (text.isBlank()) {
      return false;
    }
    try {
      Files.writeString(file, text);
      return true;
    } catch (IOException e) {
      throw new LabException("Cannot write " + file + ": " + e.getMessage(), e);
    }
  }

  private static FileChannel open(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }
}
