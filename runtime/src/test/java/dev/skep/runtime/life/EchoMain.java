package dev.skep.runtime.life;

import dev.skep.model.Codecs;
import dev.skep.model.cluster.Node;
import dev.skep.model.topic.Topics;
import dev.skep.runtime.Platform;
import dev.skep.runtime.SkepService;
import dev.skep.runtime.health.Health;
import dev.skep.runtime.kafka.TopicView;
import org.slf4j.LoggerFactory;

/** The smallest service that reads a topic. */
public final class EchoMain {
  private EchoMain() {}

  public static void main(String[] args) {
    ServiceMain.run(
        "echo",
        8499,
        env -> {
          env.integer("ECHO_WORDS", 1, 0, 10);
          boolean fatal = env.flag("ECHO_FATAL", false);
          return platform -> new Echo(platform, fatal);
        });
  }

  private static final class Echo implements SkepService {
    private final Platform platform;
    private final boolean fatal;
    private TopicView<Node> nodes;

    private Echo(Platform platform, boolean fatal) {
      this.platform = platform;
      this.fatal = fatal;
    }

    @Override
    public String name() {
      return "echo";
    }

    @Override
    public void start() {
      nodes = TopicView.open(platform, name(), Topics.NODES, Codecs.NODES, change -> {});
      if (fatal) {
        platform.fatal().accept(new IllegalStateException("made to fail by the test"));
      }
    }

    @Override
    public Health health() {
      return Health.of(true, nodes.ready());
    }

    @Override
    public void close() {
      nodes.close();
      LoggerFactory.getLogger(EchoMain.class).atInfo().log("Echo closed");
    }
  }
}
