package dev.skep.deployer.source.declare;

import java.nio.file.Path;
import java.util.Optional;

/**
 * By what a source is reached: names of files, read anew each time so that they can be changed.
 *
 * @param user who the token belongs to; many hosts take any name
 * @param token for https
 * @param sshKey a private key without a passphrase
 * @param knownHosts the host's public keys as {@code ssh-keyscan} prints them; there where there is
 *     a key
 */
public record Credentials(
    String user, Optional<Path> token, Optional<Path> sshKey, Optional<Path> knownHosts) {}
