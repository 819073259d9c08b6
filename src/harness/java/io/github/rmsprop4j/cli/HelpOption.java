package io.github.rmsprop4j.cli;

import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** What every program and its subcommands can be asked, mixed in. */
public final class HelpOption {
  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show this help.")
  private boolean help;
}
