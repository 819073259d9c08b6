package io.github.rmsprop4j.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarConsumer;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * A progress bar, and lines that are printed above it: one line that is written over and over on a
 * terminal, and a new line now and then elsewhere.
 */
public final class Progress {
  private static final int LINE_LENGTH = 120;
  private static final int TERMINAL_MILLIS = 200;
  private static final int MILLIS = 10_000;

  private final PrintWriter out;
  private final boolean terminal = System.console() != null;
  private final ProgressBarConsumer consumer;

  /**
   * Sets up.
   *
   * @param out where lines go
   */
  public Progress(PrintWriter out) {
    this.out = out;
    this.consumer = terminal ? new Terminal() : elsewhere();
  }

  /**
   * Starts a bar, of which there may be one at a time.
   *
   * @param task what goes on
   * @param max steps to its end
   */
  public ProgressBar bar(String task, long max) {
    ProgressBarBuilder builder =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(max)
            .hideEta()
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(terminal ? TERMINAL_MILLIS : MILLIS)
            .setConsumer(consumer);
    return builder.build();
  }

  /** Prints a line, above the bar if there is one. */
  public void println(String line) {
    synchronized (consumer) {
      if (terminal) {
        consumer.clear();
      }
      out.println(line);
      out.flush();
    }
  }

  /** The bar is drawn by a thread of its own, on the terminal wherever System.out may go. */
  private static final class Terminal extends ConsoleProgressBarConsumer {
    Terminal() {
      super(new PrintStream(new FileOutputStream(FileDescriptor.out), true));
    }

    @Override
    public synchronized void accept(String bar) {
      super.accept(bar);
    }
  }

  /** The bar repeats its last line when it is closed. */
  private ProgressBarConsumer elsewhere() {
    AtomicReference<String> last = new AtomicReference<>();
    Consumer<String> newLines =
        line -> {
          if (!line.equals(last.getAndSet(line))) {
            println(line);
          }
        };
    return new DelegatingProgressBarConsumer(newLines, LINE_LENGTH);
  }
}
