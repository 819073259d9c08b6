package io.github.rmsprop4j.benchmarks.process;

import io.github.rmsprop4j.benchmarks.process.StepTimer.Stepper;
import io.github.rmsprop4j.benchmarks.results.Row;
import io.github.rmsprop4j.kernel.Kernels;
import io.github.rmsprop4j.kernel.State;
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
    return plan.rounds() * (TYPES.size() * plan.forms().size() + 1);
  }

  /** {@return the rows, with mixed forms against solo ones} */
  static List<Row> rows(Plan plan) throws IOException, InterruptedException {
    List<String> labels =
        plan.forms().stream()
            .flatMap(form -> TYPES.stream().map(type -> form + ":" + type))
            .toList();
    List<Map<String, double[]>> mixed = new ArrayList<>();
    Map<String, List<Map<String, double[]>>> solo = new LinkedHashMap<>();
    for (int round = 0; round < plan.rounds(); round++) {
      mixed.add(run(plan, labels));
      for (String label : labels) {
        solo.computeIfAbsent(label, l -> new ArrayList<>()).add(run(plan, List.of(label)));
      }
    }
    List<Row> rows = new ArrayList<>();
    solo.forEach((label, alone) -> rows.addAll(rows(plan, label, alone, mixed)));
    return rows;
  }

  private static List<Row> rows(
      Plan plan,
      String label,
      List<Map<String, double[]>> alone,
      List<Map<String, double[]>> mixed) {
    Row roof =
        ProcessRows.timed(row(plan, ProcessRows.ROOF, label, "solo"), ProcessRows.ROOF, alone);
    Row solo = ProcessRows.timed(row(plan, Plan.WITH_FLAG, label, "solo"), label, alone);
    Row beside = ProcessRows.timed(row(plan, Plan.WITH_FLAG, label, "mixed"), label, mixed);
    return List.of(
        ProcessRows.against(solo, ProcessRows.under(roof, solo)),
        ProcessRows.against(solo, ProcessRows.under(roof, beside)),
        ProcessRows.under(roof, roof));
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
      INDArray state = form(label).state(type(label), parameters);
      Stepper stepper = form(label).stepper(state, Kernels.ofThisJvm());
      timers.put(label, new StepTimer(source, StepTimer.gradient(source), stepper, () -> {}));
    }
    StepTimer.measure(List.copyOf(timers.values()), warmUp, steps);
    timers.forEach((label, timer) -> timer.tell(label));
    if (timers.size() == 1) {
      DataType type = type(args[3]);
      INDArray source = sources.get(type);
      State state = StepTimer.state(type, parameters, form(args[3]).stateArrays());
      StepTimer roof =
          new StepTimer(source, StepTimer.gradient(source), StepTimer.roof(state, 1), () -> {});
      StepTimer.measure(List.of(roof), warmUp, steps);
      roof.tell(ProcessRows.ROOF);
    }
  }
}
