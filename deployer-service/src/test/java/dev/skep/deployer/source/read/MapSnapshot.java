package dev.skep.deployer.source.read;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Set;
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
  public Listing list(String path) {
    String prefix = path.isEmpty() ? "" : path + "/";
    Set<String> folders = new TreeSet<>();
    Set<String> others = new TreeSet<>();
    for (String file : files.keySet()) {
      if (file.startsWith(prefix)) {
        String rest = file.substring(prefix.length());
        int end = rest.indexOf('/');
        (end < 0 ? others : folders).add(end < 0 ? rest : rest.substring(0, end));
      }
    }
    return new Listing(folders, others);
  }
}
