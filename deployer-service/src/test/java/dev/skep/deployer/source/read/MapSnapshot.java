package dev.skep.deployer.source.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A commit that is a map from paths to texts.
 *
 * @param asked is told of each path that is read
 */
record MapSnapshot(Map<String, String> files, Consumer<String> asked) implements Snapshot {
  MapSnapshot(Map<String, String> files) {
    this(files, path -> {});
  }

  @Override
  public String commit() {
    return "c0ffee";
  }

  @Override
  public byte[] read(String path, long limit) throws IOException {
    asked.accept(path);
    if (!files.containsKey(path)) {
      throw new IOException("there is no file '" + path + "'", new NoSuchFileException(path));
    }
    byte[] content = files.get(path).getBytes(StandardCharsets.UTF_8);
    if (content.length > limit) {
      throw new IOException("'" + path + "' is too large");
    }
    return content;
  }

  @Override
  public boolean isFile(String path) {
    return files.containsKey(path);
  }

  @Override
  public List<String> folders(String path) {
    String prefix = path.isEmpty() ? "" : path + "/";
    TreeSet<String> names = new TreeSet<>();
    for (String file : files.keySet()) {
      int end = file.startsWith(prefix) ? file.indexOf('/', prefix.length()) : -1;
      if (end > 0) {
        names.add(file.substring(prefix.length(), end));
      }
    }
    return List.copyOf(names);
  }
}
