package dev.skep.images.train;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;

/**
 * Gives classes that were compiled for Java 5 or before the version number and the stack maps of
 * today's: a start-up cache leaves older ones out (picocli's are such). What they do stays the
 * same.
 */
public final class Modernize {
  /** The first version that a cache takes, which is Java 6's. */
  private static final int CACHEABLE = 50;

  private static final int VERSION = 7;

  private Modernize() {}

  /** Rewrites the jars that are its arguments. */
  public static void main(String[] args) throws IOException {
    for (String jar : args) {
      rewrite(Path.of(jar));
    }
  }

  private static void rewrite(Path path) throws IOException {
    Path made = path.resolveSibling(path.getFileName() + ".new");
    try (JarFile jar = new JarFile(path.toFile());
        JarOutputStream out = new JarOutputStream(Files.newOutputStream(made));
        URLClassLoader loader = new URLClassLoader(new URL[] {path.toUri().toURL()})) {
      ClassFile classes =
          ClassFile.of(
              ClassFile.StackMapsOption.GENERATE_STACK_MAPS,
              ClassFile.ClassHierarchyResolverOption.of(
                  ClassHierarchyResolver.ofResourceParsing(loader)));
      for (JarEntry entry : Collections.list(jar.entries())) {
        byte[] bytes;
        try (InputStream in = jar.getInputStream(entry)) {
          bytes = in.readAllBytes();
        }
        ZipEntry copy = new ZipEntry(entry.getName());
        copy.setTime(entry.getTime());
        out.putNextEntry(copy);
        out.write(isOld(entry, bytes) ? newer(classes, bytes) : bytes);
        out.closeEntry();
      }
    }
    Files.setLastModifiedTime(made, Files.getLastModifiedTime(path));
    Files.move(made, path, StandardCopyOption.REPLACE_EXISTING);
  }

  private static byte[] newer(ClassFile classes, byte[] bytes) {
    // Each instruction is written anew, for only then are its stack maps made.
    ClassTransform bodies = ClassTransform.transformingMethodBodies(CodeBuilder::with);
    ClassTransform version =
        (builder, element) -> {
          if (element instanceof ClassFileVersion) {
            builder.withVersion(ClassFile.JAVA_25_VERSION, 0);
          } else {
            builder.with(element);
          }
        };
    return classes.transformClass(classes.parse(bytes), bodies.andThen(version));
  }

  private static boolean isOld(JarEntry entry, byte[] bytes) {
    return entry.getName().endsWith(".class")
        && bytes.length > VERSION
        && bytes[VERSION] < CACHEABLE;
  }
}
