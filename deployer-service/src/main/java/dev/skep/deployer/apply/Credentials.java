package dev.skep.deployer.apply;

import dev.skep.deployer.compose.ImageName;
import dev.skep.engine.RegistryAuth;

/** Finds the credentials for an image's registry. */
final class Credentials {
  private Credentials() {}

  /** Null if there are none. */
  static RegistryAuth of(String image, ApplyOptions options) {
    String auth = options.registryAuth().get(ImageName.registry(image));
    return auth == null ? null : RegistryAuth.encoded(auth);
  }
}
