package io.github.rmsprop4j.migration;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * The entries of another framework's configuration, with their checks: whatever is not as accepted
 * is an {@link IllegalArgumentException} that names the entry, its value and what is accepted. A
 * Python None is null.
 */
final class Entries {
  private static final int MAX_SHOWN = 200;

  private final String of;
  private final Map<?, ?> map;

  /**
   * Refuses entries of other names.
   *
   * @param of whose entries these are, for messages
   */
  Entries(String of, Map<?, ?> map, List<String> accepted) {
    this(of, map);
    only(accepted);
  }

  /** Entries of any name, until {@link #only} is called. */
  Entries(String of, Map<?, ?> map) {
    this.of = of;
    this.map = map;
  }

  /** Refuses entries of other names. */
  void only(List<String> accepted) {
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!accepted.contains(String.valueOf(entry.getKey()))) {
        throw new IllegalArgumentException(
            "unknown entry "
                + entry.getKey()
                + " of "
                + of
                + ", got "
                + show(entry.getValue())
                + "; accepted are "
                + String.join(", ", accepted));
      }
    }
  }

  /** Which numbers an entry accepts. */
  enum Range {
    FRACTION("a number in [0, 1)") {
      @Override
      boolean has(double value) {
        return value >= 0 && value < 1;
      }
    },
    BELOW_ONE("a finite number < 1") {
      @Override
      boolean has(double value) {
        return value > Double.NEGATIVE_INFINITY && value < 1;
      }
    },
    NOT_NEGATIVE("a finite number >= 0") {
      @Override
      boolean has(double value) {
        return value >= 0 && value < Double.POSITIVE_INFINITY;
      }
    },
    POSITIVE("a finite number > 0") {
      @Override
      boolean has(double value) {
        return value > 0 && value < Double.POSITIVE_INFINITY;
      }
    };

    private final String text;

    Range(String text) {
      this.text = text;
    }

    abstract boolean has(double value);
  }

  boolean has(String key) {
    return map.containsKey(key);
  }

  /** The value as it is, null if it is None or missing. */
  Object get(String key) {
    return map.get(key);
  }

  /** A number; null is refused. */
  double number(String key, double missing, Range range) {
    return has(key) ? number(key, get(key), range, "") : missing;
  }

  /** A number that must be there. */
  double number(String key, Range range) {
    return number(key, get(key), range, "");
  }

  /** A number, or null if it is None or missing. */
  Double numberOrNull(String key, Range range) {
    return get(key) == null ? null : number(key, get(key), range, " or null");
  }

  private double number(String key, Object value, Range range, String orNull) {
    if (value instanceof Number number && range.has(number.doubleValue())) {
      return number.doubleValue();
    }
    throw refuse(key, range.text + orNull, value);
  }

  /** Numbers in a list that must be there. */
  double[] numbers(String key, Range range) {
    if (!(get(key) instanceof Collection<?> list)) {
      throw refuse(key, "a list of numbers", get(key));
    }
    return list.stream()
        .mapToDouble(value -> number(key + "'s element", value, range, ""))
        .toArray();
  }

  /** A whole number, or null if it is None or missing. */
  Long countOrNull(String key, long least) {
    Object value = get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Number number
        && number.doubleValue() == number.longValue()
        && number.longValue() >= least) {
      return number.longValue();
    }
    throw refuse(key, "a whole number >= " + least + " or null", value);
  }

  /** A truth value; null is refused. */
  boolean flag(String key, boolean missing) {
    if (!has(key)) {
      return missing;
    }
    if (get(key) instanceof Boolean flag) {
      return flag;
    }
    throw refuse(key, "true or false", get(key));
  }

  /** A truth value, or null if it is None or missing. */
  Boolean flagOrNull(String key) {
    if (get(key) == null || get(key) instanceof Boolean) {
      return (Boolean) get(key);
    }
    throw refuse(key, "true, false or null", get(key));
  }

  /** A string, or null if it is None or missing. */
  String textOrNull(String key) {
    if (get(key) == null || get(key) instanceof String) {
      return (String) get(key);
    }
    throw refuse(key, "a string or null", get(key));
  }

  /** A map that must be there. */
  Map<?, ?> map(String key) {
    if (get(key) instanceof Map<?, ?> inner) {
      return inner;
    }
    throw refuse(key, "a map", get(key));
  }

  /** {@return the exception for a value that is not accepted} */
  IllegalArgumentException refuse(String key, String accepted, Object value) {
    return refuse(key, accepted, value, "");
  }

  /** {@return the same with a hint behind it} */
  IllegalArgumentException refuse(String key, String accepted, Object value, String hint) {
    return new IllegalArgumentException(
        key + " of " + of + " must be " + accepted + ", got " + show(value) + hint);
  }

  /** A value in a message, cut where it says enough. */
  static String show(Object value) {
    String text = value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }
}
