package dev.skep.deployer.source.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.internal.storage.file.FileRepository;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;

/** A bare repository whose commits hold whatever a test puts there, without a working tree. */
public final class TestRepository implements AutoCloseable {
  private static final PersonIdent SOMEONE =
      new PersonIdent("Someone", "someone@example.org", Instant.EPOCH, ZoneOffset.UTC);

  private record Entry(FileMode mode, ObjectId id) {}

  private final Path path;
  private final Repository repository;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, ObjectId> folders = new TreeMap<>();
  private int commits;

  public TestRepository(Path path) throws IOException {
    this.path = path;
    QuietSystem.install();
    repository = new FileRepository(path.toFile());
    repository.create(true);
    repository.updateRef(Constants.HEAD).link("refs/heads/main");
  }

  /** Where it is. */
  public Path path() {
    return path;
  }

  public TestRepository file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  public TestRepository file(String name, byte[] content) {
    entries.put(name, new Entry(FileMode.REGULAR_FILE, blob(content)));
    return this;
  }

  /**
   * A folder of the root with folders {@code f0}, {@code f1} and so on, all the same; commits then
   * hold such ones alone.
   */
  public TestRepository manyFolders(String name, String file, String content, int count)
      throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      TreeFormatter one = new TreeFormatter();
      one.append(file, FileMode.REGULAR_FILE, blob(content.getBytes(StandardCharsets.UTF_8)));
      ObjectId same = inserter.insert(one);
      TreeFormatter all = new TreeFormatter();
      IntStream.range(0, count)
          .mapToObj(i -> "f" + i)
          .sorted(Comparator.comparing(folder -> folder + "/"))
          .forEach(folder -> all.append(folder, FileMode.TREE, same));
      folders.put(name, inserter.insert(all));
      inserter.flush();
    }
    return this;
  }

  public TestRepository link(String name, String target) {
    ObjectId id = blob(target.getBytes(StandardCharsets.UTF_8));
    entries.put(name, new Entry(FileMode.SYMLINK, id));
    return this;
  }

  public TestRepository submodule(String name) {
    ObjectId elsewhere = ObjectId.fromString("0123456789012345678901234567890123456789");
    entries.put(name, new Entry(FileMode.GITLINK, elsewhere));
    return this;
  }

  private ObjectId blob(byte[] content) {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      ObjectId id = inserter.insert(Constants.OBJ_BLOB, content);
      inserter.flush();
      return id;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public TestRepository remove(String name) {
    entries.remove(name);
    return this;
  }

  /** Commits what was put there so far and moves a branch to it. */
  public String commit(String branch) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      DirCacheBuilder builder = DirCache.newInCore().builder();
      for (Map.Entry<String, Entry> e : entries.entrySet()) {
        DirCacheEntry entry = new DirCacheEntry(e.getKey());
        entry.setFileMode(e.getValue().mode());
        entry.setObjectId(e.getValue().id());
        builder.add(entry);
      }
      builder.finish();
      ObjectId tree = builder.getDirCache().writeTree(inserter);
      return commit(branch, folders.isEmpty() ? tree : foldersOnly(inserter), inserter);
    }
  }

  private ObjectId foldersOnly(ObjectInserter inserter) throws IOException {
    TreeFormatter root = new TreeFormatter();
    folders.forEach((name, tree) -> root.append(name, FileMode.TREE, tree));
    return inserter.insert(root);
  }

  private String commit(String branch, ObjectId tree, ObjectInserter inserter) throws IOException {
    CommitBuilder commit = new CommitBuilder();
    commit.setTreeId(tree);
    commit.setAuthor(SOMEONE);
    commit.setCommitter(SOMEONE);
    commit.setMessage("Commit " + ++commits);
    ObjectId parent = repository.resolve("refs/heads/" + branch);
    if (parent != null) {
      commit.setParentId(parent);
    }
    ObjectId id = inserter.insert(commit);
    inserter.flush();
    update("refs/heads/" + branch, id);
    return id.name();
  }

  /** Moves a branch to a commit that is there, as a forced push does. */
  public void move(String branch, String commit) throws IOException {
    update("refs/heads/" + branch, ObjectId.fromString(commit));
  }

  /** Makes an annotated tag. */
  public void tag(String name, String commit) throws IOException {
    try (ObjectInserter inserter = repository.newObjectInserter()) {
      TagBuilder tag = new TagBuilder();
      tag.setTag(name);
      tag.setObjectId(ObjectId.fromString(commit), Constants.OBJ_COMMIT);
      tag.setTagger(SOMEONE);
      tag.setMessage(name);
      ObjectId id = inserter.insert(tag);
      inserter.flush();
      update("refs/tags/" + name, id);
    }
  }

  private void update(String reference, ObjectId id) throws IOException {
    RefUpdate update = repository.updateRef(reference);
    update.setNewObjectId(id);
    update.forceUpdate();
  }

  @Override
  public void close() {
    repository.close();
  }
}
