package dev.skep.lab;

/**
 * An image of Docker Hub, as its mirror names it.
 *
 * @param repository {@code library/haproxy}
 * @param tag {@code 3.4}
 */
record ImageName(String repository, String tag) {
  /**
   * Reads what people write: {@code haproxy:3.4}, {@code skep/cli:0.1.0}.
   *
   * @throws LabException for an image of another registry: a mirror stands for Docker Hub alone
   */
  static ImageName parse(String image) {
    String name = image.startsWith("docker.io/") ? image.substring(10) : image;
    int colon = name.indexOf(':', name.lastIndexOf('/') + 1);
    String repository = colon < 0 ? name : name.substring(0, colon);
    String tag = colon < 0 ? "latest" : name.substring(colon + 1);
    int slash = repository.indexOf('/');
    String first = slash < 0 ? "" : repository.substring(0, slash);
    if (image.contains("@") || first.contains(".") || first.contains(":")) {
      throw new LabException(
          image + ": the lab's registry mirrors Docker Hub; give NAME:TAG or OWNER/NAME:TAG");
    }
    return new ImageName(slash < 0 ? "library/" + repository : repository, tag);
  }

  @Override
  public String toString() {
    return repository + ":" + tag;
  }
}
