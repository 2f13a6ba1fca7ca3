package dev.skep.cli.up;

import dev.skep.cli.CliException;
import dev.skep.runtime.seal.PrivateKeyRing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The sealing keys of a suite in one process.
 *
 * @param edge opens leaf keys
 * @param cert opens the CA's and the ACME account's key
 * @param deployer opens stack bodies
 */
record Keys(PrivateKeyRing edge, PrivateKeyRing cert, PrivateKeyRing deployer) {

  /** The keys in {@code dir}, each made if it is not there; directory 0700, files 0600. */
  static Keys loadOrCreate(Path dir) {
    try {
      Files.createDirectories(dir);
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
    } catch (IOException e) {
      throw new CliException("cannot use the key directory " + dir + ": " + e.getMessage());
    }
    return new Keys(
        PrivateKeyRing.loadOrCreate(dir.resolve("edge.json")),
        PrivateKeyRing.loadOrCreate(dir.resolve("cert.json")),
        PrivateKeyRing.loadOrCreate(dir.resolve("deployer.json")));
  }
}
