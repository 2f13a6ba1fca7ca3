package dev.skep.cli;

import dev.skep.runtime.seal.PrivateKeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes the key files that services need which run alone. */
@Command(
    name = "keys",
    mixinStandardHelpOptions = true,
    description = {
      "Make the edges' keys for services that run alone.",
      "edge.json is for every edge agent, edge-public.json for cert-service. Private keys that are",
      "there are kept. The other services make their own."
    })
public final class KeysCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "where to write them; made if it is not there")
  private Path dir;

  @Override
  public Integer call() {
    Path own = dir.resolve("edge.json");
    Path open = dir.resolve("edge-public.json");
    try {
      Files.createDirectories(dir);
    } catch (IOException e) {
      throw new CliException("cannot make the directory " + dir + ": " + e.getMessage());
    }
    PrivateKeyRing.loadOrCreate(own).publicKeys().save(open);
    System.out.println(own + "  for every edge agent: keep it secret, and a copy of it safe");
    System.out.println(open + "  for cert-service");
    return 0;
  }
}
