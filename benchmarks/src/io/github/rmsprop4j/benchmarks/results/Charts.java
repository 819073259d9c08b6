package io.github.rmsprop4j.benchmarks.results;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.cli.UsageErrors;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * {@code mvn -Pcharts}: draws each result file, and prints its figures as a Markdown table in which
 * each links to its row.
 */
@Command(
    name = "mvn -Pcharts",
    customSynopsis = "mvn -Pcharts [-Dargs=\"[--help] [FOLDER]\"]",
    synopsisHeading = "Usage: ",
    description = {
      "Draws the result files of a folder, and prints their figures as Markdown.",
      "A picture that lies beside its result file is drawn anew; the others go to target/charts."
    })
final class Charts implements Callable<Integer> {
  static final int WIDTH = 1100;
  static final int HEIGHT = 700;

  private static final Font SANS = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

  /** Where pictures go that nobody keeps. */
  private static final Path PICTURES = Path.of("target/charts");

  /** A chart has few lines; the table has all. */
  private static final Set<String> NOT_DRAWN =
      Set.of("ND4J", "ADAGRAD", "NESTEROVS", "SGD", "COPY");

  private static final Map<String, String> UNITS =
      Map.of("ns/step", "ms of an iteration", "of-SGD", "times as fast as Sgd");

  @Parameters(
      arity = "0..1",
      paramLabel = "FOLDER",
      defaultValue = "benchmarks/results",
      description = "Where the *.tsv are (default: ${DEFAULT-VALUE}).")
  private Path folder;

  @Mixin private HelpOption help;

  /**
   * Draws and prints.
   *
   * @param args the folder; {@code --help} says more
   */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Charts())
            .setParameterExceptionHandler(new UsageErrors())
            .execute(args));
  }

  @Override
  public Integer call() throws IOException {
    Map<Path, ResultFile> files = new TreeMap<>();
    try (Stream<Path> paths = Files.list(folder)) {
      for (Path path : paths.filter(p -> p.toString().endsWith(".tsv")).toList()) {
        files.put(path, ResultFile.read(path));
      }
    }
    for (Map.Entry<Path, ResultFile> file : files.entrySet()) {
      Figures figures = new Figures(file.getKey(), file.getValue());
      System.out.println(figures.markdown());
      draw(figures, file.getKey());
    }
    return 0;
  }

  private static void draw(Figures figures, Path file) throws IOException {
    if (figures.isEndToEnd()) {
      save(bars(figures), file, "");
    } else if (figures.cells().size() > 1) {
      String settings =
          figures
              .shared(Column.MODE, Column.TYPE, Column.FORM, Column.THREADS, Column.JDK)
              .replaceFirst("^step, ", "");
      Set<String> withoutRoof = figures.seriesWithout(Set.of("STREAM", "C_STREAM"));
      Set<String> few = figures.seriesWithout(NOT_DRAWN);
      save(
          lines(figures, few, Column.GB_PER_SECOND, "Memory traffic", settings),
          file,
          "-bandwidth");
      few.retainAll(withoutRoof);
      save(lines(figures, few, Column.NS_PER_PARAMETER, "Time", settings), file, "-time");
    }
  }

  /** Beside its result file only if there is one already. */
  private static void save(Chart<?, ?> chart, Path file, String what) throws IOException {
    String name = file.getFileName().toString().replaceFirst("\\.tsv$", "") + what + ".png";
    Path kept = file.resolveSibling(name);
    Path picture = Files.exists(kept) ? kept : Files.createDirectories(PICTURES).resolve(name);
    BitmapEncoder.saveBitmap(chart, picture.toString(), BitmapFormat.PNG);
  }

  /** A line for each contender over the number of parameters, both axes logarithmic. */
  private static XYChart lines(
      Figures figures, Set<String> names, Column column, String what, String settings) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(what + " of a step by size: " + settings)
            .xAxisTitle("parameters")
            .yAxisTitle(column == Column.GB_PER_SECOND ? "GB/s" : "ns per parameter")
            .build();
    style(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    chart.getStyler().setXAxisDecimalPattern("#,###");
    double least = Double.MAX_VALUE;
    double most = 0;
    for (String series : names) {
      List<Double> x = new ArrayList<>();
      List<Double> y = new ArrayList<>();
      for (Row row : figures.rowsOf(series)) {
        x.add(row.number(Column.PARAMETERS));
        y.add(row.number(column));
        least = Math.min(least, row.number(column));
        most = Math.max(most, row.number(column));
      }
      chart.addSeries(series, x, y);
    }
    // A logarithmic axis has labels at powers of ten only.
    chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(least))));
    chart.getStyler().setYAxisMax(Math.pow(10, Math.ceil(Math.log10(most))));
    return chart;
  }

  /**
   * A group for each network, a bar for each contender: its speed by that of the built-in updater,
   * since networks differ by orders of magnitude, or its score if there is no such ratio.
   */
  private static CategoryChart bars(Figures figures) {
    Column column = figures.all(Column.RATIO) ? Column.RATIO : Column.SCORE;
    String unit = figures.first().get(Column.UNIT);
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(barsTitle(figures.first()) + ": " + figures.shared(Column.THREADS, Column.JDK))
            .yAxisTitle(
                column == Column.RATIO
                    ? "times as fast as built-in"
                    : UNITS.getOrDefault(unit, unit))
            .build();
    style(chart.getStyler());
    List<String> networks = List.copyOf(figures.cells().keySet());
    for (String series : figures.seriesWithout(NOT_DRAWN)) {
      List<Double> heights = new ArrayList<>();
      for (String network : networks) {
        Figures.Cell cell = figures.cells().get(network).get(series);
        double height = cell == null ? 0 : cell.row().number(column);
        heights.add(unit.equals("ns/step") ? height / 1e6 : height);
      }
      chart.addSeries(series, networks, heights);
    }
    return chart;
  }

  private static String barsTitle(Row row) {
    return switch (row.get(Column.UNIT)) {
      case "s", "iterations" ->
          "Training " + row.get(Column.MODE).replace('-', ' ') + " of the test images";
      case "ns/step" -> "Time in the updater";
      default -> "Speed of whole trainings";
    };
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartPadding(20);
    styler.setPlotBorderVisible(false);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setChartTitleFont(SANS.deriveFont(Font.BOLD, 18f));
    styler.setAxisTitleFont(SANS.deriveFont(17f));
    styler.setAxisTickLabelsFont(SANS);
    styler.setLegendFont(SANS);
  }
}
