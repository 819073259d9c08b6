package io.github.rmsprop4j.benchmarks.results;

import io.github.rmsprop4j.benchmarks.results.Row.Column;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendPosition;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code mvn -Pcharts}: draws each result file, and prints its figures as a Markdown table in which
 * each links to its row.
 */
@Command(
    name = "charts",
    mixinStandardHelpOptions = true,
    description = "Draws the result files of a folder, and prints their figures as Markdown.")
final class Charts implements Callable<Integer> {
  static final int WIDTH = 1100;
  static final int HEIGHT = 700;

  private static final Font SANS = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

  @Parameters(
      arity = "0..1",
      defaultValue = "benchmarks/results",
      description = "folder of *.tsv, where the pictures go too; default ${DEFAULT-VALUE}")
  private Path folder;

  /**
   * Draws and prints.
   *
   * @param args the folder; {@code --help} says more
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Charts()).execute(args));
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

  /** The pictures of a file lie beside it. */
  private static void draw(Figures figures, Path file) throws IOException {
    String name = file.toString().replaceFirst("\\.tsv$", "");
    String title = file.getFileName().toString().replaceFirst("\\.tsv$", "");
    if (figures.isEndToEnd()) {
      BitmapEncoder.saveBitmap(bars(figures, title), name + ".png", BitmapFormat.PNG);
    } else if (figures.cells().size() > 1) {
      XYChart time = lines(figures, Column.NS_PER_PARAMETER, title + ": ns per parameter");
      XYChart bandwidth = lines(figures, Column.GB_PER_SECOND, title + ": GB/s");
      BitmapEncoder.saveBitmap(time, name + "-time.png", BitmapFormat.PNG);
      BitmapEncoder.saveBitmap(bandwidth, name + "-bandwidth.png", BitmapFormat.PNG);
    }
  }

  /** A line for each contender over the number of parameters, both axes logarithmic. */
  private static XYChart lines(Figures figures, Column column, String title) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("parameters")
            .yAxisTitle(column.title)
            .build();
    style(chart.getStyler());
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true);
    double least = Double.MAX_VALUE;
    double most = 0;
    for (String series : figures.series()) {
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
  private static CategoryChart bars(Figures figures, String title) {
    Column column = figures.all(Column.RATIO) ? Column.RATIO : Column.SCORE;
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(column == Column.RATIO ? "times as fast as BUILT_IN" : figures.unit())
            .build();
    style(chart.getStyler());
    List<String> networks = List.copyOf(figures.cells().keySet());
    for (String series : figures.series()) {
      List<Double> heights = new ArrayList<>();
      for (String network : networks) {
        Figures.Cell cell = figures.cells().get(network).get(series);
        heights.add(cell == null ? 0 : cell.row().number(column));
      }
      chart.addSeries(series, networks, heights);
    }
    return chart;
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartPadding(20);
    styler.setPlotBorderVisible(false);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendPosition(LegendPosition.OutsideE);
    styler.setChartTitleFont(SANS.deriveFont(Font.BOLD, 20f));
    styler.setAxisTitleFont(SANS.deriveFont(17f));
    styler.setAxisTickLabelsFont(SANS);
    styler.setLegendFont(SANS);
  }
}
