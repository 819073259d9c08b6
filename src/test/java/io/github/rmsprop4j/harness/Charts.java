package io.github.rmsprop4j.harness;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The pictures of the report, as SVG in data URIs: an SVG's names would clash within one page. */
final class Charts {
  static final int WIDTH = 440;
  static final int HEIGHT = 300;

  /** Wide and pale below, thin and dark on top: equal curves show as bands in each other. */
  private static final List<Look> LOOKS =
      List.of(
          new Look("built-in", new Color(0xc5d9ee), 13),
          new Look("reference", new Color(0xf2b872), 9.5f),
          new Look("nd4j", new Color(0x9bcf9a), 7),
          new Look("plain", new Color(0x4f93cf), 4.5f),
          new Look("simd", new Color(0x0b2545), 1.6f));

  private static final Color OURS = new Color(0x1f5a99);
  private static final Color BUILT_IN = new Color(0xb5cde6);
  private static final Color INK = new Color(0x3a3f45);
  private static final Color GRID = new Color(0xe4e7ea);
  private static final Font SANS = new Font(Font.SANS_SERIF, Font.PLAIN, 13);

  private record Look(String contender, Color color, float width) {}

  private Charts() {}

  /** {@return the loss of all contenders over the mini-batches} */
  static String losses(Comparison comparison) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle("mini-batch")
            .yAxisTitle("loss")
            .build();
    style(chart.getStyler());
    chart.getStyler().setXAxisDecimalPattern("#,##0").setXAxisMin(0.0);
    for (Look look : LOOKS) {
      for (Comparison.Training training : comparison.trainings()) {
        if (training.contender().equals(look.contender) && finite(training.losses())) {
          List<Integer> x = IntStream.rangeClosed(1, training.losses().size()).boxed().toList();
          XYSeries series = chart.addSeries(look.contender, x, training.losses());
          series.setMarker(SeriesMarkers.NONE).setLineColor(look.color);
          series.setLineStyle(
              new BasicStroke(look.width, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        }
      }
    }
    return svg(chart);
  }

  private static boolean finite(List<Double> values) {
    return !values.isEmpty() && values.stream().allMatch(Double::isFinite);
  }

  /**
   * {@return how large the errors are, in percent of the values}
   *
   * @param title of the axis
   * @param errors by contender, at most two: the first is drawn dark
   */
  static String histogram(String title, Map<String, ErrorStatistics> errors) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .xAxisTitle(title)
            .yAxisTitle("% of values")
            .build();
    style(chart.getStyler());
    chart.getStyler().setAvailableSpaceFill(0.8).setYAxisMin(0.0).setYAxisDecimalPattern("#,##0.#");
    int classes = errors.values().stream().mapToInt(Charts::classes).max().orElse(1);
    List<String> names = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      names.add(className(i));
    }
    Color color = OURS;
    for (Map.Entry<String, ErrorStatistics> entry : errors.entrySet()) {
      long[] histogram = entry.getValue().histogram();
      double total = Math.max(1, entry.getValue().count());
      List<Double> shares = new ArrayList<>();
      for (int i = 0; i < classes; i++) {
        shares.add(100 * histogram[i] / total);
      }
      chart.addSeries(entry.getKey(), names, shares).setFillColor(color);
      color = BUILT_IN;
    }
    return svg(chart);
  }

  /** Up to the last that has something in it, and some at least. */
  private static int classes(ErrorStatistics errors) {
    long[] histogram = errors.histogram();
    int classes = 5;
    for (int i = classes; i < histogram.length; i++) {
      if (histogram[i] > 0) {
        classes = i + 1;
      }
    }
    return classes;
  }

  private static String className(int i) {
    double[] bounds = ErrorStatistics.BOUNDS;
    if (i == bounds.length) {
      return "more";
    }
    return i == 0 ? "0" : bounds[i] < 1 ? "≤" + bounds[i] : "≤" + (long) bounds[i];
  }

  private static void style(AxesChartStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartPadding(4);
    styler.setChartTitleVisible(false);
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1));
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setAxisTicksMarksVisible(false);
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(INK);
    styler.setAxisTitleFont(SANS);
    styler.setAxisTickLabelsFont(SANS);
    styler.setLegendFont(SANS);
    styler.setLegendPosition(LegendPosition.OutsideS);
    styler.setLegendLayout(LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendPadding(4);
  }

  private static String svg(Chart<?, ?> chart) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      VectorGraphicsEncoder.saveVectorGraphic(chart, bytes, VectorGraphicsFormat.SVG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String svg = bytes.toString(StandardCharsets.UTF_8);
    return "data:image/svg+xml;base64,"
        + Base64.getEncoder().encodeToString(svg.getBytes(StandardCharsets.UTF_8));
  }
}
