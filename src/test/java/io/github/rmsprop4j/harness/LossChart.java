package io.github.rmsprop4j.harness;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The loss of all updaters over the mini-batches, as a PNG in a data URI. */
final class LossChart {
  /** The pixels that it is meant to fill; it has twice as many each way, for fine displays. */
  static final int WIDTH = 330;

  static final int HEIGHT = 210;

  private static final int SCALE = 2;

  /** Wide and pale below, thin and dark on top: equal curves show as bands in each other. */
  private static final List<Look> LOOKS =
      List.of(
          new Look("built-in", 0xc5d9ee, 13),
          new Look("reference", 0xf2b872, 9.5f),
          new Look("nd4j", 0x8fca8e, 7),
          new Look("plain", 0x4f93cf, 4.5f),
          new Look("simd", 0x0b2545, 1.6f));

  private static final Color INK = new Color(0x646b73);
  private static final Color GRID = new Color(0xe2e5e9);
  private static final Font SANS = new Font(Font.SANS_SERIF, Font.PLAIN, 11 * SCALE);

  private record Look(String contender, int color, float width) {}

  private LossChart() {}

  /** {@return the contenders that are drawn, those below first, with their colors in CSS} */
  static Map<String, String> key(Comparison comparison) {
    Map<String, String> key = new LinkedHashMap<>();
    for (Look look : LOOKS) {
      if (training(comparison, look).isEmpty()) {
        continue;
      }
      key.put(look.contender, "#%06x".formatted(look.color));
    }
    return key;
  }

  /** A value that is not finite leaves a gap. */
  static String of(Comparison comparison) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH * SCALE)
            .height(HEIGHT * SCALE)
            .xAxisTitle("mini-batch")
            .build();
    style(chart.getStyler());
    for (Look look : LOOKS) {
      for (Comparison.Training training : training(comparison, look)) {
        addSeries(chart, look, training.losses());
      }
    }
    try {
      byte[] png = BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
      return "data:image/png;base64," + Base64.getEncoder().encodeToString(png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Comparison.Training> training(Comparison comparison, Look look) {
    return comparison.trainings().stream()
        .filter(training -> training.contender().equals(look.contender))
        .limit(1)
        .toList();
  }

  private static void addSeries(XYChart chart, Look look, List<Double> losses) {
    List<Integer> steps = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    IntStream.range(0, losses.size())
        .filter(i -> Double.isFinite(losses.get(i)))
        .forEach(
            i -> {
              steps.add(i + 1);
              values.add(losses.get(i));
            });
    if (steps.isEmpty()) {
      return;
    }
    XYSeries series = chart.addSeries(look.contender, steps, values);
    series.setMarker(SeriesMarkers.NONE).setLineColor(new Color(look.color));
    series.setLineStyle(
        new BasicStroke(look.width * SCALE, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }

  private static void style(XYStyler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setChartPadding(2 * SCALE);
    styler.setChartTitleVisible(false);
    styler.setLegendVisible(false); // the page has it
    styler.setPlotBorderVisible(false);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(SCALE));
    styler.setPlotGridVerticalLinesVisible(false);
    styler.setPlotMargin(0);
    styler.setAxisTicksMarksVisible(false);
    styler.setAxisTicksLineVisible(false);
    styler.setAxisTickPadding(4 * SCALE);
    styler.setAxisTitlePadding(3 * SCALE);
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(INK);
    styler.setAxisTitleFont(SANS);
    styler.setAxisTickLabelsFont(SANS);
    styler.setXAxisTickMarkSpacingHint(45 * SCALE);
    styler.setYAxisTickMarkSpacingHint(28 * SCALE);
    styler.setXAxisDecimalPattern("#,##0");
  }
}
