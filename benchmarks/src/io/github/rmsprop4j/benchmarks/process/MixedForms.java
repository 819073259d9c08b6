package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.benchmarks.results.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A step in a process that uses one form only, and in one that uses them all in turn. */
final class MixedForms {
  private static final List<DataType> TYPES = List.of(DataType.FLOAT, DataType.DOUBLE);

  private MixedForms() {}

  /** How many JVMs it starts. */
  static int jvms(Plan plan) {
    return TYPES.size() * plan.forms().size() + 1;
  }

  /** {@return the rows, with mixed forms against solo ones} */
  static List<Row> rows(Plan plan) throws IOException, InterruptedException {
    List<String> labels =
        plan.forms().stream()
            .flatMap(form -> TYPES.stream().map(type -> form + ":" + type))
            .toList();
    Map<String, double[]> mixed = run(plan, labels);
    List<Row> rows = new ArrayList<>();
    for (String label : labels) {
      Map<String, double[]> alone = run(plan, List.of(label));
      Row roof =
          ProcessRows.timed(
              row(plan, ProcessRows.ROOF, label, "solo"), alone.get(ProcessRows.ROOF));
      Row solo = ProcessRows.timed(row(plan, Plan.WITH_FLAG, label, "solo"), alone.get(label));
      Row beside = ProcessRows.timed(row(plan, Plan.WITH_FLAG, label, "mixed"), mixed.get(label));
      rows.add(ProcessRows.against(solo, ProcessRows.under(roof, solo)));
      rows.add(ProcessRows.against(solo, ProcessRows.under(roof, beside)));
      rows.add(ProcessRows.under(roof, roof));
    }
    return rows;
  }

  private static Row row(Plan plan, String contender, String label, String mode) {
    return ProcessRows.row(contender, form(label), type(label), plan.mixedParameters(), mode, 1);
  }

  private static Map<String, double[]> run(Plan plan, List<String> labels)
      throws IOException, InterruptedException {
    Map<String, double[]> told =
        FreshJvm.run(
            MixedForms.class,
            Plan.ONE_NATIVE_THREAD,
            List.of(FreshJvm.VECTOR_MODULE, "-Drmsprop4j.threads=1"),
            plan.mixedParameters(),
            plan.warmUp(),
            plan.steps(),
            String.join(",", labels));
    plan.ended().run();
    return told;
  }

  private static ProcessForm form(String label) {
    return ProcessForm.valueOf(label.split(":")[0]);
  }

  private static DataType type(String label) {
    return DataType.valueOf(label.split(":")[1]);
  }

  /**
   * Times forms in turn; one that is alone, its roof too.
   *
   * @param args parameters, milliseconds of warm-up for each form, steps, forms with their types
   */
  public static void main(String[] args) {
    int parameters = Integer.parseInt(args[0]);
    int warmUp = Integer.parseInt(args[1]);
    int steps = Integer.parseInt(args[2]);
    Map<DataType, INDArray> sources = new LinkedHashMap<>();
    Map<String, StepTimer> timers = new LinkedHashMap<>();
    for (String label : args[3].split(",")) {
      INDArray source =
          sources.computeIfAbsent(type(label), type -> StepTimer.source(type, parameters));
      timers.put(
          label, new StepTimer(source, form(label).stepper(type(label), parameters), () -> {}));
    }
    StepTimer.measure(List.copyOf(timers.values()), warmUp, steps);
    timers.forEach((label, timer) -> timer.tell(label));
    if (timers.size() == 1) {
      StepTimer roof =
          new StepTimer(
              sources.get(type(args[3])),
              StepTimer.roof(type(args[3]), parameters, form(args[3]).stateArrays(), 1),
              () -> {});
      StepTimer.measure(List.of(roof), warmUp, steps);
      roof.tell(ProcessRows.ROOF);
    }
  }
}
