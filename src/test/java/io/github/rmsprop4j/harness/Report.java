package io.github.rmsprop4j.harness;

import java.util.*;

final class Report {
  static String page(List<Outcome> o) {
    return "";
  }
}
