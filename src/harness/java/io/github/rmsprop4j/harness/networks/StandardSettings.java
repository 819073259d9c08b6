package io.github.rmsprop4j.harness.networks;

import io.github.rmsprop4j.Flavor;
import io.github.rmsprop4j.NonFinitePolicy;
import io.github.rmsprop4j.RmsProp;
import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.InverseSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** Every flavor and every setting, each with a learning rate at which a small network learns. */
public final class StandardSettings {
  private static final ISchedule FALLING_RATE =
      new ExponentialSchedule(ScheduleType.ITERATION, 0.004, 0.99);
  private static final ISchedule FALLING_FRACTION =
      new InverseSchedule(ScheduleType.ITERATION, 0.9, 0.01, 1);

  private StandardSettings() {}

  /** {@return settings by name, in a fixed order} */
  public static Map<String, RmsProp> all() {
    Map<String, RmsProp> all = new LinkedHashMap<>();
    for (Flavor flavor : Flavor.values()) {
      RmsProp own = RmsProp.builder(flavor).build();
      boolean startsAtOne = own.getInitialMeanSquare() == 1;
      double rate = startsAtOne ? 0.1 : flavor == Flavor.DQN ? 0.01 : 0.003;
      RmsProp.Builder plain = RmsProp.builder(flavor).learningRate(rate);
      if (own.getMomentum() > 0) { // GRAVES
        all.put(flavor + " without momentum", plain.momentum(0).build());
      } else {
        all.put(flavor.toString(), plain.build());
      }
      RmsProp.Builder fast = RmsProp.builder(flavor).learningRate(rate / 5).momentum(0.9);
      all.put(flavor + ", momentum", fast.build());
      all.put(
          flavor + ", Nesterov, " + (own.isCentered() ? "not centered" : "centered"),
          fast.nesterov(true).centered(!own.isCentered()).build());
    }
    all.put("rmsDecay 0", base().learningRate(0.001).rmsDecay(0).build());
    all.put("rmsDecay 0.999", base().rmsDecay(0.999).initialMeanSquare(1e-4).build());
    all.put("epsilon 0.1", base().learningRate(0.05).epsilon(0.1).build());
    all.put("epsilon inside the root", base().epsilonInsideSqrt(true).epsilon(1e-6).build());
    all.put("v starts at 0", base().initialMeanSquare(0).build());
    all.put("v starts at 1", base().learningRate(0.1).initialMeanSquare(1).build());
    all.put("rate out of the buffer", momentum().learningRateInMomentum(false).build());
    all.put("Nesterov", momentum().nesterov(true).build());
    all.put("centered", base().centered(true).build());
    all.put("bias correction", base().initialMeanSquare(0).biasCorrection(true).build());
    all.put(
        "bias correction, centered",
        base().initialMeanSquare(0).epsilon(1e-3).biasCorrection(true).centered(true).build());
    all.put("rate schedule", base().learningRateSchedule(FALLING_RATE).build());
    all.put("decay schedule", base().rmsDecaySchedule(FALLING_FRACTION).build());
    all.put("momentum schedule", momentum().momentumSchedule(FALLING_FRACTION).build());
    for (NonFinitePolicy policy : NonFinitePolicy.values()) {
      if (policy != NonFinitePolicy.PROPAGATE) { // which is what all others have
        all.put("nonFinite " + policy, base().nonFinite(policy).build());
      }
    }
    return all;
  }

  private static RmsProp.Builder base() {
    return RmsProp.builder().learningRate(0.003).rmsDecay(0.9);
  }

  private static RmsProp.Builder momentum() {
    return base().learningRate(0.0006).momentum(0.9);
  }
}
