package io.github.rmsprop4j;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/** Schedules as values, also a user's that has no {@code equals}. */
final class Schedules {
  private Schedules() {}

  /** What a setting is worth: its schedule, if there is one, or else the constant. */
  static Object inEffect(ISchedule schedule, double constant) {
    return schedule == null ? (Object) constant : new ByValue(schedule);
  }

  static ISchedule copy(ISchedule schedule) {
    return schedule == null ? null : schedule.clone();
  }

  /** A schedule that equals another of its class with the same content. */
  private record ByValue(ISchedule schedule) {
    @Override
    public boolean equals(Object other) {
      return other instanceof ByValue that
          && schedule.getClass() == that.schedule.getClass()
          && (schedule.equals(that.schedule) || sameJson(schedule, that.schedule));
    }

    /** By class alone, since the schedule's own hash need not agree with equality by JSON. */
    @Override
    public int hashCode() {
      return schedule.getClass().getName().hashCode();
    }

    @Override
    public String toString() {
      return schedule.toString();
    }
  }

  private static boolean sameJson(ISchedule a, ISchedule b) {
    try {
      return JsonMappers.getMapper()
          .writeValueAsString(a)
          .equals(JsonMappers.getMapper().writeValueAsString(b));
    } catch (JsonProcessingException e) {
      return false; // it cannot be saved either, so no round trip can make it differ
    }
  }
}
