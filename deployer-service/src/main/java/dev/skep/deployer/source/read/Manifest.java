package dev.skep.deployer.source.read;

import dev.skep.deployer.compose.Problems;
import dev.skep.deployer.compose.SettingsFile;
import dev.skep.deployer.compose.Value.Field;
import dev.skep.deployer.compose.Value.Fields;
import dev.skep.deployer.compose.Value.Scalar;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a repository's own list of its stacks. */
final class Manifest {
  private static final String KEY = "stacks";
  private static final long LIMIT = 256 * 1024;

  private Manifest() {}

  static Discovery read(String path, Snapshot snapshot) {
    String yaml;
    try {
      yaml =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(snapshot.read(path, LIMIT)))
              .toString();
    } catch (CharacterCodingException e) {
      return Discovery.nothing("'" + path + "' is not UTF-8 text");
    } catch (IOException e) {
      return Discovery.nothing(e.getMessage());
    }
    Problems whole = new Problems();
    Fields entries = SettingsFile.read(path, yaml, KEY, whole);
    List<FoundStack> stacks = new ArrayList<>();
    Map<String, List<Problem>> broken = new LinkedHashMap<>();
    if (entries != null) {
      entries
          .fields()
          .forEach(
              (name, field) -> {
                Problems own = new Problems();
                FoundStack stack = stack(path, name, field, own);
                if (own.hasErrors()) {
                  broken.put(name, own.errors().stream().map(Problem::of).toList());
                } else {
                  stacks.add(stack);
                }
              });
    }
    return new Discovery(stacks, broken, whole.errors().stream().map(Problem::of).toList());
  }

  private static FoundStack stack(String manifest, String name, Field field, Problems problems) {
    Discovery.nameProblem(name).ifPresent(p -> problems.error(field.keyMark(), p));
    Fields fields = SettingsFile.stack(field.value(), KEY + "." + name, problems);
    String folder = manifest.substring(0, manifest.lastIndexOf('/') + 1);
    List<String> files = new ArrayList<>();
    for (String file : SettingsFile.texts(fields, "files")) {
      if (file.startsWith("/") || List.of(file.split("/", -1)).contains("..")) {
        problems.error(
            fields.markOf("files"),
            "'%s' must be a path below this file's folder, without '..'".formatted(file));
      }
      files.add(folder + file);
    }
    if (fields.has("files") && files.isEmpty()) {
      problems.error(fields.markOf("files"), "name at least one file");
    }
    Map<String, String> env = new LinkedHashMap<>();
    fields
        .fieldsOf("env")
        .fields()
        .forEach((variable, f) -> env.put(variable, ((Scalar) f.value()).text()));
    return new FoundStack(name, files, fields.textsOf("profiles"), env);
  }
}
