package dev.skep.lab;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** The same for several things at a time. */
final class Parallel {
  private Parallel() {}

  /** Returns when all are done; the first failure is thrown then. */
  static <T> void each(Collection<T> items, Consumer<T> work) {
    all(items.stream().map(item -> (Runnable) () -> work.accept(item)).toList());
  }

  /** Returns when all are done; the first failure is thrown then. */
  static void all(List<Runnable> tasks) {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (Runnable task : tasks) {
        running.add(executor.submit(task));
      }
      for (Future<?> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LabException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted");
    }
  }
}
