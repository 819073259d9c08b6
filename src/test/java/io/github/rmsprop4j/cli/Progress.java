package io.github.rmsprop4j.cli;

import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/** How the progress bars of the commands look. */
public final class Progress {
  private static final int LINE_LENGTH = 120;

  private Progress() {}

  /**
   * One line that is written over and over on a terminal, and a new line now and then elsewhere.
   *
   * @param task what goes on
   * @param max steps to its end
   * @param out where new lines go
   */
  public static ProgressBarBuilder bar(String task, long max, PrintWriter out) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(max)
            .hideEta()
            .setStyle(ProgressBarStyle.ASCII);
    return System.console() != null
        ? builder.setConsumer(onTerminal()).setUpdateIntervalMillis(200)
        : builder
            .setConsumer(new DelegatingProgressBarConsumer(newLines(out), LINE_LENGTH))
            .setUpdateIntervalMillis(10_000);
  }

  private static ProgressBarConsumer onTerminal() {
    return new ConsoleProgressBarConsumer(System.out);
  }

  /** The bar repeats its last line when it is closed. */
  private static Consumer<String> newLines(PrintWriter out) {
    AtomicReference<String> last = new AtomicReference<>();
    return line -> {
      if (!line.equals(last.getAndSet(line))) {
        out.println(line);
        out.flush();
      }
    };
  }
}
