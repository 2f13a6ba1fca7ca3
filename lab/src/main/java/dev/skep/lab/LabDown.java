package dev.skep.lab;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes a lab away: what bears its label, and its two directories. */
final class LabDown {
  private final Docker docker;
  private final String name;

  LabDown(Docker docker, String name) {
    this.docker = docker;
    this.name = name;
  }

  /** Returns whether there was anything. */
  boolean run() {
    boolean any = remove(List.of("ps", "--all", "--quiet"), List.of("rm", "--force", "--volumes"));
    any |= remove(List.of("volume", "ls", "--quiet"), List.of("volume", "rm"));
    any |= remove(List.of("network", "ls", "--quiet"), List.of("network", "rm"));
    for (Path directory : List.of(Path.of("/run", name), Path.of("/var/lib", name))) {
      any |= directory.toFile().exists();
      Host.remove(directory);
    }
    return any;
  }

  private boolean remove(List<String> list, List<String> remove) {
    List<String> find = new ArrayList<>(list);
    find.addAll(List.of("--filter", "label=" + LabSpec.LABEL + "=" + name));
    List<String> found = docker.lines(find.toArray(String[]::new));
    if (found.isEmpty()) {
      return false;
    }
    List<String> command = new ArrayList<>(remove);
    command.addAll(found);
    docker.text(command);
    return true;
  }
}
