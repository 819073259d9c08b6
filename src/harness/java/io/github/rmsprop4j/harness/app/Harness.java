package io.github.rmsprop4j.harness.app;

import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.Progress;
import io.github.rmsprop4j.cli.UsageErrors;
import io.github.rmsprop4j.cli.WholeFile;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.JitWarmUp;
import io.github.rmsprop4j.harness.RmsPropHarness;
import io.github.rmsprop4j.harness.Speed;
import io.github.rmsprop4j.harness.Subject;
import io.github.rmsprop4j.harness.networks.Catalogue;
import io.github.rmsprop4j.harness.networks.StandardNetwork;
import io.github.rmsprop4j.harness.report.Item;
import io.github.rmsprop4j.harness.report.Outcome;
import io.github.rmsprop4j.harness.report.Report;
import io.github.rmsprop4j.harness.report.TerminalTable;
import io.github.rmsprop4j.kernel.Kernels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import me.tongfei.progressbar.ProgressBar;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code mvn -Pharness}: compares the updaters on all standard networks, or on a saved one, and
 * writes a report.
 */
@Command(
    name = "mvn -Pharness",
    synopsisHeading = "Usage: ",
    customSynopsis = "mvn -Pharness -Dargs=\"[OPTIONS]\"",
    mixinStandardHelpOptions = false,
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "Trains networks side by side with the RMSprop of this project in each of its kernels, with"
          + " Deeplearning4j's own, and with the formula in double, and compares gradients,"
          + " updates, updater state and parameters after every iteration, by bits.",
      "",
      "Prints a line for each comparison and writes a report. The last line says how many networks"
          + " there were and how many of them differ. The exit code is 0 if none does, 1 if one"
          + " does, 2 for a bad option.",
      ""
    })
public final class Harness implements Callable<Integer> {
  private static final int MAX_ITERATIONS = 100_000;
  private static final int MAX_SIZE = 100_000;
  private static final int FLAVOR_ITERATIONS = 12;

  @Option(
      names = "--networks",
      split = ",",
      paramLabel = "NAME",
      description =
          "Only the networks of these names, or whose whole names match these regular expressions,"
              + " separated by commas (default: all).")
  private List<String> names = List.of();

  @Option(names = "--list", description = "List the networks and do nothing else.")
  private boolean list;

  @Option(
      names = "--types",
      split = ",",
      paramLabel = "TYPE",
      converter = TypeConverter.class,
      description = "FLOAT, DOUBLE or both (default: FLOAT,DOUBLE).")
  private List<DataType> types;

  @Option(
      names = "--flavors",
      negatable = true,
      description =
          "Every flavor and setting on three of the networks, too, or not (default: only if"
              + " --networks is not given).")
  private Boolean flavors;

  @Option(
      names = "--iterations",
      defaultValue = "30",
      paramLabel = "N",
      description = "Mini-batches to train each network on (default: ${DEFAULT-VALUE}).")
  private int iterations;

  @Option(
      names = "--output",
      defaultValue = "target/harness",
      paramLabel = "DIR",
      description = "Folder for the report, index.html (default: ${DEFAULT-VALUE}).")
  private Path output;

  @Option(
      names = "--model",
      paramLabel = "ZIP",
      description =
          "Instead of the standard networks a MultiLayerNetwork or ComputationGraph that"
              + " Deeplearning4j has saved, updater state included; it is only read.")
  private Path model;

  @Option(
      names = "--speed",
      description =
          "With --model: do not compare, but measure how much faster it trains with this project's"
              + " updater and with one pass, after a warm-up.")
  private boolean speed;

  @Option(
      names = "--data",
      paramLabel = "PATH",
      description =
          "Mini-batches for --model: a file written by DataSet.save or MultiDataSet.save, or a"
              + " folder of such files, taken in the order of their names (default: made up at"
              + " random, in the shapes of the model).")
  private Path data;

  @Option(
      names = "--batch-size",
      paramLabel = "N",
      description = "Examples in a made-up mini-batch (default: 8).")
  private Integer batchSize;

  @Option(
      names = "--seq-length",
      paramLabel = "N",
      description = "Time steps in a made-up sequence (default: 10).")
  private Integer sequenceLength;

  @Mixin private HelpOption help;

  @Spec private CommandSpec spec;

  private final List<StandardNetwork> catalogue;
  private final Function<Subject, List<Contender>> contenders;

  private Harness(List<StandardNetwork> catalogue, Function<Subject, List<Contender>> contenders) {
    this.catalogue = catalogue;
    this.contenders = contenders;
  }

  /** Takes the two types that the networks are made in. */
  static final class TypeConverter implements ITypeConverter<DataType> {
    @Override
    public DataType convert(String value) {
      return switch (value.toUpperCase(Locale.ROOT)) {
        case "FLOAT" -> DataType.FLOAT;
        case "DOUBLE" -> DataType.DOUBLE;
        default -> throw new TypeConversionException("must be FLOAT or DOUBLE, got " + value);
      };
    }
  }

  /**
   * The command. Its exit codes: 0, or 1 if something differs or it failed, or 2 for a bad option.
   *
   * @param catalogue the standard networks
   * @param contenders who is compared on a network, see {@link Contender#of}
   */
  public static CommandLine commandLine(
      List<StandardNetwork> catalogue, Function<Subject, List<Contender>> contenders) {
    return new CommandLine(new Harness(catalogue, contenders))
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (e, commandLine, parsed) -> {
              if (!(e instanceof IOException)) {
                throw e;
              }
              commandLine.getErr().println(e.getMessage());
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Runs the command and exits with its code. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    PrintWriter out = new PrintWriter(System.out, true);
    System.setOut(new PrintStream(OutputStream.nullOutputStream())); // SameDiff chats there
    System.exit(commandLine(Catalogue.all(), Contender::of).setOut(out).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    checkOptions();
    try {
      return run(out);
    } catch (IllegalArgumentException e) { // of model or data
      throw refused(e.getMessage());
    }
  }

  private int run(PrintWriter out) throws IOException {
    if (list) {
      list(out);
      return CommandLine.ExitCode.OK;
    }
    if (speed) {
      return speed(out);
    }
    checkOutput();
    List<Item> items = model == null ? standardItems() : List.of(savedModel(out));
    out.println(Kernels.describe());
    out.println();
    List<Outcome> outcomes = run(items, out);
    printFaults(outcomes, out);
    writeReport(outcomes, out);
    out.println("harness: " + Outcome.verdict(outcomes));
    out.flush();
    return Outcome.agree(outcomes) ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private void checkOptions() {
    check("--iterations", iterations, MAX_ITERATIONS);
    if (model == null) {
      refuse("--speed", speed ? true : null, "only with --model");
      refuse("--data", data, "only with --model");
      refuse("--batch-size", batchSize, "only with --model");
      refuse("--seq-length", sequenceLength, "only with --model");
    } else {
      refuse("--networks", names.isEmpty() ? null : names, "not with --model");
      refuse("--types", types, "not with --model, which has its own");
      refuse("--flavors", flavors, "not with --model");
      refuse("--list", list ? true : null, "not with --model");
    }
    if (data != null) {
      refuse("--batch-size", batchSize, "for made-up data, not with --data");
      refuse("--seq-length", sequenceLength, "for made-up data, not with --data");
    }
    check("--batch-size", batchSize == null ? 1 : batchSize, MAX_SIZE);
    check("--seq-length", sequenceLength == null ? 1 : sequenceLength, MAX_SIZE);
    checkExists("--model", model);
    checkExists("--data", data);
  }

  private void check(String option, int value, int max) {
    if (value < 1 || value > max) {
      throw refused(option + " must be in [1, " + max + "], got " + value);
    }
  }

  private void refuse(String option, Object value, String where) {
    if (value != null) {
      throw refused(option + " is " + where + ", got " + value);
    }
  }

  private void checkExists(String option, Path path) {
    if (path != null && !Files.isReadable(path)) {
      throw refused(option + " must be there and readable, got " + path);
    }
  }

  private void checkOutput() {
    try {
      WholeFile.checkFolder(output);
    } catch (IOException e) {
      throw refused("--output must be a folder that can be written to, got " + output + ": " + e);
    }
  }

  private ParameterException refused(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void list(PrintWriter out) {
    List<StandardNetwork> chosen = chosen();
    int width = chosen.stream().mapToInt(network -> network.name().length()).max().orElse(1);
    for (StandardNetwork network : chosen) {
      out.printf("%-" + width + "s  %s%n", network.name(), network.description());
    }
    out.flush();
  }

  /** In the order of the catalogue, whatever that of the names. */
  private List<StandardNetwork> chosen() {
    List<StandardNetwork> chosen = new ArrayList<>();
    for (String name : names) {
      List<StandardNetwork> found = catalogue.stream().filter(matching(name)).toList();
      if (found.isEmpty()) {
        throw refused(
            "--networks must match one of "
                + catalogue.stream().map(StandardNetwork::name).collect(Collectors.joining(", "))
                + "; got "
                + name);
      }
      chosen.addAll(found);
    }
    return names.isEmpty() ? catalogue : catalogue.stream().filter(chosen::contains).toList();
  }

  private Predicate<StandardNetwork> matching(String name) {
    try {
      Pattern pattern = Pattern.compile(name, Pattern.CASE_INSENSITIVE);
      return network ->
          network.name().equalsIgnoreCase(name) || pattern.matcher(network.name()).matches();
    } catch (PatternSyntaxException e) {
      return network -> network.name().equalsIgnoreCase(name);
    }
  }

  private List<Item> standardItems() {
    List<DataType> chosenTypes = types == null ? List.of(DataType.FLOAT, DataType.DOUBLE) : types;
    List<Item> items = new ArrayList<>();
    for (StandardNetwork network : chosen()) {
      for (DataType type : chosenTypes) {
        items.add(Items.of(network, type, iterations, contenders));
      }
    }
    if (flavors == null ? names.isEmpty() : flavors) {
      // One type: the formula is the same in both, and so is every line of it.
      int few = Math.min(iterations, FLAVOR_ITERATIONS);
      items.addAll(Items.flavors(chosenTypes.get(0), few, contenders));
    }
    return items;
  }

  private int speed(PrintWriter out) throws IOException {
    SavedModel saved = SavedModel.read(model);
    List<MultiDataSet> batches = batches(saved, out);
    Subject subject = Subject.of(saved.network());
    try (ProgressBar bar = new Progress(out).bar("speed", Speed.steps(iterations))) {
      Speed measured = RmsPropHarness.speed(subject, batches, iterations, bar::step);
      bar.close();
      out.println();
      out.println(measured);
      out.flush();
    }
    return CommandLine.ExitCode.OK;
  }

  private Item savedModel(PrintWriter out) throws IOException {
    SavedModel saved = SavedModel.read(model);
    return saved.item(batches(saved, out), iterations, contenders);
  }

  private List<MultiDataSet> batches(SavedModel saved, PrintWriter out) throws IOException {
    if (data != null) {
      return SavedBatches.read(data);
    }
    MadeUpBatches madeUp =
        new MadeUpBatches(
            batchSize == null ? 8 : batchSize, sequenceLength == null ? 10 : sequenceLength);
    List<MultiDataSet> batches = madeUp.of(saved.network());
    out.println("made-up data: " + madeUp.description());
    return batches;
  }

  private static List<Outcome> run(List<Item> items, PrintWriter out) {
    TerminalTable table = new TerminalTable(items);
    List<Outcome> outcomes = new ArrayList<>();
    Item.Section section = null;
    JitWarmUp.run();
    int steps = items.stream().mapToInt(Item::iterations).sum();
    table.header().forEach(out::println);
    Progress progress = new Progress(out);
    try (ProgressBar bar = progress.bar("harness", steps)) {
      for (Item item : items) {
        if (item.section() != section) {
          section = item.section();
          progress.println(section.title);
        }
        bar.setExtraMessage(" " + item.title() + " " + item.type());
        Outcome outcome = Outcome.of(item, bar::step);
        outcomes.add(outcome);
        progress.println(table.line(outcome));
      }
    }
    return outcomes;
  }

  private static void printFaults(List<Outcome> outcomes, PrintWriter out) {
    out.println();
    for (Outcome outcome : outcomes) {
      for (String fault : outcome.faults()) {
        out.println(outcome.item().title() + ", " + outcome.item().type() + ": " + fault);
      }
    }
  }

  /** A Java without font libraries, as some containers have, costs the report but no result. */
  private void writeReport(List<Outcome> outcomes, PrintWriter out) throws IOException {
    Path file = output.resolve("index.html");
    try {
      String page = Report.page(outcomes);
      WholeFile.write(file, part -> Files.writeString(part, page));
      out.println("report: " + file);
    } catch (LinkageError | InternalError e) {
      out.println("no report, this Java cannot draw: " + e);
    }
  }
}
