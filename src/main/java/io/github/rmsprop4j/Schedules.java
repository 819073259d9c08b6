package io.github.rmsprop4j;

import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/** Equality of schedules by value, also for a user's schedule that has no {@code equals}. */
final class Schedules {
  private Schedules() {}

  static boolean equal(ISchedule a, ISchedule b) {
    if (a == null || b == null) {
      return a == b;
    }
    return a.equals(b) || (a.getClass() == b.getClass() && sameJson(a, b));
  }

  /** By class alone, since the schedule's own hash need not agree with equality by JSON. */
  static int hash(ISchedule schedule) {
    return schedule == null ? 0 : schedule.getClass().getName().hashCode();
  }

  static ISchedule copy(ISchedule schedule) {
    return schedule == null ? null : schedule.clone();
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
