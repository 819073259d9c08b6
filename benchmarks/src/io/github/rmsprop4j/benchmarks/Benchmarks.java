package io.github.rmsprop4j.benchmarks;

import io.github.rmsprop4j.cli.Machine;
import java.io.IOException;

/**
 * {@code mvn -Pbench}: says on what machine and from which commit it runs, since a number without
 * them is worth nothing, and then is JMH with the same arguments.
 */
public final class Benchmarks {
  private Benchmarks() {}

  /**
   * Runs JMH.
   *
   * @param args JMH's; {@code -h} lists them
   * @throws IOException if JMH cannot read or write a file
   */
  public static void main(String[] args) throws IOException {
    Machine.facts().forEach((name, value) -> System.out.printf("# %-7s %s%n", name, value));
    System.out.printf("# args    %s%n", String.join(" ", args));
    org.openjdk.jmh.Main.main(args);
  }
}
