package io.github.rmsprop4j.harness.report;

import freemarker.template.Configuration;
import freemarker.template.TemplateException;
import io.github.rmsprop4j.cli.Machine;
import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.ErrorStatistics;
import io.github.rmsprop4j.kernel.Kernels;
import java.io.IOException;
import java.io.StringWriter;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The report: one HTML page that needs nothing else. What stands where is in {@code report.ftlh};
 * here is what it shows, as text and pictures that are ready to be put in.
 */
public final class Report {
  private static final int PERCENT = 100;

  private Report() {}

  /** {@return the whole page} */
  public static String page(List<Outcome> outcomes) throws IOException {
    Configuration configuration = new Configuration(Configuration.VERSION_2_3_34);
    configuration.setClassForTemplateLoading(Report.class, "");
    configuration.setDefaultEncoding("UTF-8");
    configuration.setLocale(Locale.ROOT);
    StringWriter page = new StringWriter();
    try {
      configuration.getTemplate("report.ftlh").process(model(outcomes), page);
    } catch (TemplateException e) {
      throw new IllegalStateException(e);
    }
    return page.toString();
  }

  private static Map<String, Object> model(List<Outcome> outcomes) throws IOException {
    Map<String, Object> model = new LinkedHashMap<>();
    model.put("verdict", Outcome.verdict(outcomes));
    model.put("agree", Outcome.agree(outcomes));
    model.put("comparisons", outcomes.size());
    model.put("ratio", Numbers.ratio(Line.medianSpeedup(outcomes)));
    model.put("compared", Contender.COMPARED);
    model.put("facts", facts());
    Map<Item.Section, List<Outcome>> sections =
        outcomes.stream()
            .collect(
                Collectors.groupingBy(
                    outcome -> outcome.item().section(), LinkedHashMap::new, Collectors.toList()));
    model.put(
        "sections",
        sections.entrySet().stream()
            .map(entry -> section(entry.getKey(), entry.getValue(), outcomes))
            .toList());
    return model;
  }

  private static Map<String, String> facts() throws IOException {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "date",
        ZonedDateTime.now().format(DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm z", Locale.UK)));
    facts.putAll(Machine.facts());
    facts.put("Deeplearning4j", Machine.version("deeplearning4j-nn"));
    facts.put("ND4J", Machine.version("nd4j-api"));
    facts.put("kernel", Kernels.describe());
    return facts;
  }

  private static Map<String, Object> section(
      Item.Section section, List<Outcome> ofSection, List<Outcome> all) {
    List<Map<String, Object>> rows = new ArrayList<>();
    Map<String, List<Map<String, Object>>> networks = new LinkedHashMap<>();
    for (Outcome outcome : ofSection) {
      Map<String, Object> row = row(outcome, "c" + all.indexOf(outcome));
      rows.add(row);
      networks.computeIfAbsent(outcome.item().network(), name -> new ArrayList<>()).add(row);
    }
    return Map.of(
        "title", section.title, "compact", section.compact, "rows", rows, "networks", networks);
  }

  private static Map<String, Object> row(Outcome outcome, String id) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("id", id);
    row.put("title", outcome.item().title());
    row.put("description", outcome.item().description());
    row.put("type", outcome.item().type().toString());
    row.put("faults", outcome.faults());
    row.put("complete", outcome.comparison().isPresent());
    outcome.comparison().ifPresent(c -> addComparison(row, c, outcome.item().section().compact));
    return row;
  }

  private static void addComparison(
      Map<String, Object> row, Comparison comparison, boolean compact) {
    Line line = Line.of(comparison);
    row.put("type", comparison.dataType().toString());
    row.put("parameters", Numbers.count(comparison.parameters()));
    row.put("iterations", Numbers.count(comparison.iterations()));
    row.put("allBits", line.bits());
    row.put("bits", Contender.COMPARED.stream().map(line::bits).toList());
    row.put("ulps", Numbers.ulps(line.ulps()));
    row.put("ours", Numbers.micros(line.ours().updaterMicros()));
    row.put("builtIn", Numbers.micros(line.builtInMicros()));
    row.put("ratio", Numbers.ratio(line.speedup()));
    row.put("losses", LossChart.sparkline(line.ours().losses(), 96, 22));
    row.put("trainings", comparison.trainings().stream().map(Report::training).toList());
    row.put("bars", bars(comparison));
    row.put("lossChart", LossChart.of(comparison));
    if (!compact) {
      row.put("ourName", line.ours().contender());
      row.put("updates", Histogram.of(line.ours().updateErrors()));
      row.put("states", Histogram.of(line.ours().stateErrors()));
    }
  }

  private static Map<String, String> training(Comparison.Training training) {
    Map<String, String> cells = new LinkedHashMap<>();
    cells.put("updater", training.contender());
    cells.put("first difference", training.difference().map(d -> "@" + d.iteration()).orElse(""));
    addErrors(cells, "update", training.updateErrors());
    addErrors(cells, "state", training.stateErrors());
    addErrors(cells, "parameter", training.parameterErrors());
    cells.put("first loss", Numbers.format("%.4g", training.firstLoss()));
    cells.put("last loss", Numbers.format("%.4g", training.lastLoss()));
    return cells;
  }

  private static void addErrors(Map<String, String> cells, String what, ErrorStatistics errors) {
    if (errors.count() == 0) { // of one pass, whose updates are not to be seen
      List.of(" max", " rms", " mean").forEach(kind -> cells.put(what + kind, Numbers.NONE));
      return;
    }
    cells.put(what + " max", Numbers.ulps(errors.max()));
    cells.put(what + " rms", Numbers.ulps(errors.rms()));
    cells.put(what + " mean", Numbers.ulps(errors.mean()));
  }

  /** The reference is not there to be fast. */
  private static List<Map<String, String>> bars(Comparison comparison) {
    List<Comparison.Training> timed =
        comparison.trainings().stream()
            .filter(training -> !training.contender().equals(Contender.REFERENCE.name()))
            .toList();
    double longest = timed.stream().mapToDouble(Comparison.Training::updaterMicros).max().orElse(1);
    List<Map<String, String>> bars = new ArrayList<>();
    for (Comparison.Training training : timed) {
      bars.add(
          Map.of(
              "name", training.contender(),
              "updater", Numbers.micros(training.updaterMicros()),
              "iteration", Numbers.micros(training.iterationMicros()),
              "width", percent(training.updaterMicros() / longest)));
    }
    return bars;
  }

  private static String percent(double share) {
    return Numbers.format("%.1f", PERCENT * Math.min(1, Double.isNaN(share) ? 0 : share));
  }
}
