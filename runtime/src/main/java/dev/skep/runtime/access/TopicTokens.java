package dev.skep.runtime.access;

import dev.skep.model.Codecs;
import dev.skep.model.access.AccessToken;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.kafka.TopicView;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * The named tokens of the topic. While the broker is away those that were read stay: none can be
 * made or revoked without it.
 */
public final class TopicTokens implements TokenSource {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TopicView<AccessToken> view;

  private TopicTokens(Platform platform, String reader) {
    view = TopicView.open(platform, reader, Topics.TOKENS, Codecs.TOKENS, change -> tell());
  }

  /** Begins to read them and returns at once. */
  public static TopicTokens open(Platform platform, String reader) {
    return new TopicTokens(platform, reader);
  }

  @Override
  public boolean ready() {
    return view.ready();
  }

  @Override
  public Map<String, AccessToken> all() {
    return view.values();
  }

  @Override
  public boolean await(Predicate<Map<String, AccessToken>> so, Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (!so.test(all())) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void tell() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    view.close();
  }
}
