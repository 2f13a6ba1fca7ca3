package dev.skep.deployer.convert;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.skep.deployer.compose.ComposeFile;
import dev.skep.deployer.compose.Value.Fields;
import java.util.ArrayList;
import java.util.List;

/** A service's volumes as mounts. */
final class MountConverter {
  private final ComposeFile file;
  private final Namespace namespace;

  MountConverter(ComposeFile file, Namespace namespace) {
    this.file = file;
    this.namespace = namespace;
  }

  List<ObjectNode> convert(Fields service) {
    List<ObjectNode> mounts = new ArrayList<>();
    service.itemsOf("volumes").forEach(v -> mounts.add(mount((Fields) v)));
    service.itemsOf("tmpfs").forEach(t -> mounts.add(tmpfs((Fields) t)));
    return mounts;
  }

  private ObjectNode mount(Fields volume) {
    String type = volume.text("type");
    Body body =
        new Body()
            .text("Type", type)
            .text("Target", volume.text("target"))
            .flag("ReadOnly", volume.flag("read_only"))
            .text("Consistency", volume.text("consistency"));
    String source = volume.text("source");
    switch (type) {
      case "volume", "" -> named(body, volume, source);
      case "bind", "npipe" -> {
        body.text("Source", source);
        if (volume.get("bind") instanceof Fields bind) {
          body.set("BindOptions", new Body().text("Propagation", bind.text("propagation")).done());
        }
      }
      case "tmpfs" -> {
        if (volume.get("tmpfs") instanceof Fields tmpfs) {
          body.set("TmpfsOptions", new Body().number("SizeBytes", tmpfs.number("size")).done());
        }
      }
      case "image" -> {
        body.text("Source", source);
        if (volume.get("image") instanceof Fields image) {
          body.set("ImageOptions", new Body().text("Subpath", image.text("subpath")).done());
        }
      }
      default -> {
        body.set("ClusterOptions", JsonNodeFactory.instance.objectNode());
        body.text("Source", source.startsWith("group:") ? source : volumeName(source));
      }
    }
    return body.done();
  }

  private void named(Body body, Fields volume, String source) {
    if (source.isEmpty()) {
      return;
    }
    Fields declared = file.section("volumes").getOrDefault(source, ServiceConverter.NOTHING);
    Fields own = volume.fieldsOf("volume");
    Body options =
        new Body().flag("NoCopy", own.flag("nocopy")).text("Subpath", own.text("subpath"));
    if (!Boolean.TRUE.equals(declared.flag("external"))) {
      options.set("Labels", namespace.labels(declared.fieldsOf("labels")));
      if (!declared.text("driver").isEmpty() || declared.has("driver_opts")) {
        options.set(
            "DriverConfig",
            new Body()
                .text("Name", declared.text("driver"))
                .map("Options", declared.fieldsOf("driver_opts"))
                .done());
      }
    }
    body.text("Source", volumeName(source)).set("VolumeOptions", options.done());
  }

  private String volumeName(String source) {
    return namespace.nameOf(
        source, file.section("volumes").getOrDefault(source, ServiceConverter.NOTHING));
  }

  /** The service's own tmpfs, which the CLI drops. */
  private static ObjectNode tmpfs(Fields tmpfs) {
    ObjectNode options =
        new Body()
            .number("SizeBytes", tmpfs.number("size"))
            .number("Mode", tmpfs.number("mode"))
            .done();
    return new Body()
        .text("Type", "tmpfs")
        .text("Target", tmpfs.text("target"))
        .set("TmpfsOptions", options.isEmpty() ? null : options)
        .done();
  }
}
