package dev.skep.deployer.apply;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Does the same for several objects, some at a time. */
final class AtOnce {
  /** Services at a time: a manager's Raft log takes about so many before they only queue. */
  private static final int PARALLEL = 8;

  private AtOnce() {}

  /** What all answer, in their order; throws what the first of them threw. */
  static <T> List<T> all(List<Supplier<T>> questions) {
    List<AtomicReference<T>> answers = new ArrayList<>();
    questions.forEach(question -> answers.add(new AtomicReference<>()));
    List<Integer> places = IntStream.range(0, questions.size()).boxed().toList();
    each(places, place -> answers.get(place).set(questions.get(place).get()));
    return answers.stream().map(AtomicReference::get).toList();
  }

  /** Returns when all are done; throws what the first of them threw. */
  static <T> void each(List<T> objects, Consumer<T> action) {
    Semaphore places = new Semaphore(PARALLEL);
    List<Future<?>> runs = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T object : objects) {
        runs.add(
            threads.submit(
                () -> {
                  places.acquire();
                  try {
                    action.accept(object);
                  } finally {
                    places.release();
                  }
                  return null;
                }));
      }
    }
    runs.forEach(AtOnce::join);
  }

  private static void join(Future<?> run) {
    try {
      run.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while services were made");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
