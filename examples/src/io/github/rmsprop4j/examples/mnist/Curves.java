package io.github.rmsprop4j.examples.mnist;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * The picture of a comparison: loss over the steps, and test accuracy over the epochs if several.
 */
final class Curves {
  static final int WIDTH = 1600;
  static final int HEIGHT = 600;

  /** Points of a loss curve at least, if there are as many steps; each is the mean over a few. */
  private static final int LOSS_POINTS = 150;

  /** Wide and pale below, thin and dark on top: equal curves show as bands with a line in them. */
  private static final Color[] COLORS = {
    new Color(0x9ecae1), new Color(0x08306b), new Color(0xfd8d3c)
  };

  private static final float[] LINE_WIDTHS = {12, 5, 1.5f};

  /** A logarithmic axis takes no zero. */
  private static final double LOWEST_LOSS = 1e-6;

  private static final int MAX_X_LABELS = 8;

  private static final Font SANS = new Font(Font.SANS_SERIF, Font.PLAIN, 15);

  private Curves() {}

  /**
   * Writes a PNG of {@link #WIDTH} by {@link #HEIGHT} pixels, of half the width after one epoch.
   *
   * @param runs at most three, the one to draw on top last
   */
  static void write(String title, List<Run> runs, Path file) throws IOException {
    XYChart loss = chart("Training loss, " + title, "step", "negative log-likelihood");
    loss.getStyler()
        .setYAxisLogarithmic(true)
        .setXAxisMin(0.0)
        .setLegendPosition(LegendPosition.InsideNE);
    XYChart accuracy = chart("Test accuracy, " + title, "epoch", "accuracy");
    accuracy
        .getStyler()
        .setYAxisMax(1.0)
        .setYAxisDecimalPattern("0.000")
        .setLegendPosition(LegendPosition.InsideSE);
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      addLoss(loss, run, i);
      List<Integer> epochs = new ArrayList<>();
      for (int epoch = 1; epoch <= run.accuracies.size(); epoch++) {
        epochs.add(epoch);
      }
      XYSeries series = accuracy.addSeries(run.name.strip(), epochs, run.accuracies);
      style(series, i).setMarker(SeriesMarkers.CIRCLE).setMarkerColor(COLORS[i]);
    }
    axisOfWholeDecades(loss);
    try (OutputStream out = Files.newOutputStream(file)) {
      List<XYChart> charts =
          runs.get(0).accuracies.size() > 1 ? List.of(loss, accuracy) : List.of(loss);
      BitmapEncoder.saveBitmap(charts, 1, charts.size(), out, BitmapFormat.PNG);
    }
  }

  /** There is nothing between two steps or epochs; XChart takes no empty label. */
  private static String wholeNumber(double value) {
    return value == Math.rint(value) ? String.format(Locale.ROOT, "%,.0f", value) : " ";
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH / 2)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    chart.setCustomXAxisTickLabelsFormatter(Curves::wholeNumber);
    XYStyler styler = chart.getStyler();
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartPadding(20);
    styler.setPlotBorderVisible(false);
    styler.setChartTitleFont(SANS.deriveFont(Font.BOLD, 20f));
    styler.setAxisTitleFont(SANS.deriveFont(17f));
    styler.setAxisTickLabelsFont(SANS);
    styler.setLegendFont(SANS);
    styler.setXAxisMaxLabelCount(MAX_X_LABELS);
    return chart;
  }

  private static void addLoss(XYChart chart, Run run, int look) {
    int window = Math.max(1, run.losses.size() / LOSS_POINTS);
    List<Double> steps = new ArrayList<>();
    List<Double> means = new ArrayList<>();
    for (int from = 0; from + window <= run.losses.size(); from += window) {
      List<Double> part = run.losses.subList(from, from + window);
      steps.add(from + 0.5); // of whole numbers at equal distances XChart labels too many
      double mean = part.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
      means.add(Math.max(mean, LOWEST_LOSS));
    }
    style(chart.addSeries(run.name.strip(), steps, means), look).setMarker(SeriesMarkers.NONE);
  }

  /** A logarithmic axis has labels at powers of ten only. */
  private static void axisOfWholeDecades(XYChart chart) {
    DoubleSummaryStatistics losses =
        chart.getSeriesMap().values().stream()
            .flatMapToDouble(series -> Arrays.stream(series.getYData()))
            .summaryStatistics();
    double lowest = Math.floor(Math.log10(losses.getMin()));
    double highest = Math.max(Math.ceil(Math.log10(losses.getMax())), lowest + 1);
    chart.getStyler().setYAxisMin(Math.pow(10, lowest)).setYAxisMax(Math.pow(10, highest));
  }

  private static XYSeries style(XYSeries series, int look) {
    series.setLineColor(COLORS[look]);
    series.setLineStyle(
        new BasicStroke(LINE_WIDTHS[look], BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    return series;
  }
}
