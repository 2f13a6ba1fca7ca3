package dev.skep.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code docker save} wrote, unpacked: layers, which are not compressed but with the newer
 * image store, and whose digests are then the "diff ids" that each image's configuration lists.
 */
final class ImageArchive {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A file and its digest.
   *
   * @param digest {@code sha256:...}
   */
  record Blob(String digest, Path file) {
    long size() {
      try {
        return Files.size(file);
      } catch (IOException e) {
        throw new LabException("Cannot read " + file + ": " + e.getMessage(), e);
      }
    }
  }

  /** An image: its tags, its configuration and its layers, lowest first. */
  record Image(List<String> tags, Blob config, List<Blob> layers) {
    /** The manifest under which a registry offers it. */
    String manifest() {
      var manifest = JSON.createObjectNode();
      manifest.put("schemaVersion", 2).put("mediaType", MANIFEST);
      manifest.set("config", descriptor("application/vnd.docker.container.image.v1+json", config));
      var list = manifest.putArray("layers");
      layers.forEach(
          layer -> list.add(descriptor("application/vnd.docker.image.rootfs.diff.tar", layer)));
      return manifest.toString();
    }

    private static JsonNode descriptor(String type, Blob blob) {
      return JSON.createObjectNode()
          .put("mediaType", type)
          .put("size", blob.size())
          .put("digest", blob.digest());
    }
  }

  static final String MANIFEST = "application/vnd.docker.distribution.manifest.v2+json";

  private static final String BLOBS = "blobs/sha256/";

  private ImageArchive() {}

  /** Reads the directory of an unpacked archive. */
  static List<Image> read(Path directory) {
    try {
      List<Image> images = new ArrayList<>();
      for (JsonNode image : JSON.readTree(directory.resolve("manifest.json").toFile())) {
        images.add(image(directory, image));
      }
      return images;
    } catch (IOException e) {
      throw new LabException("docker save wrote what cannot be read: " + e.getMessage(), e);
    }
  }

  private static Image image(Path directory, JsonNode image) throws IOException {
    String name = image.required("Config").asText();
    Path file = directory.resolve(name);
    // "HEX.json", or "blobs/sha256/HEX" from newer Engines.
    String hex = name.substring(name.lastIndexOf('/') + 1).replace(".json", "");
    JsonNode digests = JSON.readTree(file.toFile()).required("rootfs").required("diff_ids");
    JsonNode paths = image.required("Layers");
    List<Blob> layers = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      String path = paths.get(i).asText();
      // The newer image store keeps layers as they were pulled, packed or not, named by what they
      // are.
      String digest =
          path.startsWith(BLOBS)
              ? "sha256:" + path.substring(BLOBS.length())
              : digests.get(i).asText();
      layers.add(new Blob(digest, directory.resolve(path)));
    }
    List<String> tags = new ArrayList<>();
    image.required("RepoTags").forEach(tag -> tags.add(tag.asText()));
    return new Image(tags, new Blob("sha256:" + hex, file), layers);
  }
}
