package dev.skep.deployer.compose;

import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Items;
import dev.skep.deployer.compose.Value.Scalar;
import java.util.ArrayList;
import java.util.List;

/** Brings a service's volumes and tmpfs to their long form. */
final class MountNormalizer {
  private final FileLoader loader;
  private final Problems problems;
  private final Forms forms;

  MountNormalizer(FileLoader loader, Problems problems) {
    this.loader = loader;
    this.problems = problems;
    this.forms = new Forms(problems);
  }

  Value longForms(Value value) {
    List<Value> volumes = new ArrayList<>();
    for (Value item : ((Items) value).items()) {
      if (item instanceof Fields fields) {
        volumes.add(longVolume(fields));
        continue;
      }
      try {
        VolumeSpec spec = VolumeSpec.parse(((Scalar) item).text());
        boolean bind = spec.type().equals("bind");
        if (spec.source().isEmpty() && spec.target().matches("[A-Za-z]:/.*")) {
          problems.warn(
              item.mark(),
              "'%s' is read as a path on Windows, as docker stack deploy does; give the volume a"
                      .formatted(spec.target())
                  + " longer name, or use the long form");
        }
        Fields volume =
            forms.mapping(
                item.mark(),
                "type",
                spec.type(),
                "source",
                spec.source().isEmpty()
                    ? null
                    : bind ? loader.hostPath(spec.source()) : spec.source(),
                "target",
                spec.target(),
                "read_only",
                spec.readOnly() ? true : null);
        if (spec.noCopy()) {
          volume = volume.with("volume", forms.mapping(item.mark(), "nocopy", true));
        }
        if (!spec.propagation().isEmpty()) {
          volume =
              volume.with("bind", forms.mapping(item.mark(), "propagation", spec.propagation()));
        }
        volumes.add(volume);
      } catch (IllegalArgumentException e) {
        problems.error(item.mark(), "volumes: " + e.getMessage());
      }
    }
    return new Items(volumes, value.mark());
  }

  private Fields longVolume(Fields volume) {
    forms.oneOf(volume, "type", "volume", "bind", "tmpfs", "npipe", "image", "cluster");
    if (volume.fieldsOf("bind").has("create_host_path")) {
      problems.warn(
          volume.fieldsOf("bind").markOf("create_host_path"),
          "bind.create_host_path has no effect in Swarm: ignored");
    }
    if (volume.fieldsOf("tmpfs").has("mode")) {
      problems.warn(
          volume.fieldsOf("tmpfs").markOf("mode"),
          "tmpfs.mode is not honoured in a stack: ignored");
    }
    forms.counts(volume.fieldsOf("tmpfs"), "size");
    if (!volume.text("type").equals("bind")) {
      return volume;
    }
    String source = volume.text("source");
    if (source.isEmpty()) {
      problems.error(volume.mark(), "volumes: a bind mount needs a 'source', the path on the host");
      return volume;
    }
    return volume.with("source", new Scalar(loader.hostPath(source), volume.get("source").mark()));
  }

  /** {@code PATH[:size=64m,mode=1777]}. */
  Value tmpfs(Value value) {
    List<Value> result = new ArrayList<>();
    for (Value item : ((Items) forms.list(value)).items()) {
      String text = ((Scalar) item).text();
      int colon = text.indexOf(':');
      Fields mount =
          forms.mapping(item.mark(), "target", colon < 0 ? text : text.substring(0, colon));
      for (String option : colon < 0 ? new String[0] : text.substring(colon + 1).split(",", -1)) {
        try {
          if (option.startsWith("size=")) {
            mount = mount.with("size", number(Quantity.bytes(option.substring(5)), item));
          } else if (option.startsWith("mode=")) {
            mount = mount.with("mode", number(Long.parseLong(option.substring(5), 8), item));
          } else {
            problems.warn(item.mark(), "tmpfs: Swarm does not know the option '" + option + "'");
          }
        } catch (IllegalArgumentException e) {
          problems.error(item.mark(), "tmpfs: '" + option + "' is not valid: " + e.getMessage());
        }
      }
      result.add(mount);
    }
    return new Items(result, value.mark());
  }

  private static Scalar number(long number, Value place) {
    return new Scalar(number, place.mark());
  }
}
