package dev.skep.deployer.registry;

/**
 * Registry credentials were asked for and cannot be had. The message names the file and the
 * registry's host, and nothing that was read.
 */
public final class RegistryAuthException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RegistryAuthException(String message) {
    super(message);
  }
}
