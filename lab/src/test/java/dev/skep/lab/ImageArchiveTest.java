package dev.skep.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
  private static final String CONFIG =
      """
      {"rootfs":{"type":"layers","diff_ids":["sha256:aa","sha256:bb"]}}""";

  @TempDir private Path directory;

  @Test
  void anArchiveOfAnOlderEngineIsRead() throws IOException {
    write("c0ffee.json", CONFIG);
    write("one/layer.tar", "1");
    write("two/layer.tar", "22");
    write(
        "manifest.json",
        """
        [{"Config":"c0ffee.json","RepoTags":["x:1"],"Layers":["one/layer.tar","two/layer.tar"]}]""");

    List<ImageArchive.Image> images = ImageArchive.read(directory);

    assertThat(images).singleElement().satisfies(image -> isWhole(image, "aa"));
  }

  @Test
  void anArchiveOfANewerEngineIsRead() throws IOException {
    write("blobs/sha256/c0ffee", CONFIG);
    write("blobs/sha256/ee", "1");
    write("blobs/sha256/bb", "22");
    write(
        "manifest.json",
        """
        [{"Config":"blobs/sha256/c0ffee","RepoTags":["x:1"],
          "Layers":["blobs/sha256/ee","blobs/sha256/bb"],"LayerSources":{}}]""");

    List<ImageArchive.Image> images = ImageArchive.read(directory);

    assertThat(images).singleElement().satisfies(image -> isWhole(image, "ee"));
  }

  private static void isWhole(ImageArchive.Image image, String lowest) {
    assertThat(image.tags()).containsExactly("x:1");
    assertThat(image.manifest())
        .isEqualTo(
            """
            {"schemaVersion":2,"mediaType":"application/vnd.docker.distribution.manifest.v2+json",\
            "config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":65,\
            "digest":"sha256:c0ffee"},\
            "layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar","size":1,\
            "digest":"sha256:%s"},\
            {"mediaType":"application/vnd.docker.image.rootfs.diff.tar","size":2,\
            "digest":"sha256:bb"}]}"""
                .formatted(lowest));
  }

  private void write(String file, String text) throws IOException {
    Path path = directory.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
