package io.github.rmsprop4j;

import java.io.IOException;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationContext;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.deser.std.StdScalarDeserializer;

/**
 * How the settings of {@link RmsProp} are read from JSON and YAML: as what they are, or not at all.
 * Jackson by itself takes null and "" for 0.0 and false, and 2 for true.
 */
abstract class SettingJson<T> extends StdScalarDeserializer<T> {
  private static final long serialVersionUID = 1L;

  /** More digits tell nothing about a double, and reading them takes the square of their number. */
  private static final int MAX_LENGTH = 1000;

  private final String accepted;

  private SettingJson(Class<T> type, String accepted) {
    super(type);
    this.accepted = accepted;
  }

  @Override
  public T getNullValue(DeserializationContext context) throws JsonMappingException {
    throw refuse(context.getParser(), "null");
  }

  final JsonMappingException refuse(JsonParser parser, String got) throws JsonMappingException {
    try {
      return JsonMappingException.from(
          parser, parser.getCurrentName() + " must be " + accepted + ", got " + got);
    } catch (IOException e) {
      return JsonMappingException.fromUnexpectedIOE(e);
    }
  }

  /** What stands there, for a message; a list or an object by its bracket. */
  final String show(JsonParser parser) throws IOException {
    if (parser.getTextLength() > MAX_LENGTH) {
      return parser.getTextLength() + " characters";
    }
    return parser.hasToken(JsonToken.VALUE_STRING)
        ? '"' + parser.getText() + '"'
        : parser.getText();
  }

  /** A number, also as a string, as NaN and Infinity are written. */
  static class Number extends SettingJson<Double> {
    private static final long serialVersionUID = 1L;

    Number() {
      super(Double.class, "a number");
    }

    @Override
    public Double deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      if (parser.getTextLength() <= MAX_LENGTH) {
        if (parser.currentToken().isNumeric()) {
          return parser.getDoubleValue();
        }
        try {
          return Double.valueOf(parser.getText());
        } catch (NumberFormatException e) {
          throw refuse(parser, show(parser));
        }
      }
      throw refuse(parser, show(parser));
    }
  }

  /** A number, or null for what the flavor has. */
  static final class NumberOrNull extends Number {
    private static final long serialVersionUID = 1L;

    @Override
    public Double getNullValue(DeserializationContext context) {
      return null;
    }
  }

  /** A truth value. */
  static class Flag extends SettingJson<Boolean> {
    private static final long serialVersionUID = 1L;

    Flag() {
      super(Boolean.class, "true or false");
    }

    @Override
    public Boolean deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      String text = parser.getText();
      if ("true".equals(text) || "false".equals(text)) { // as a string too, as Jackson reads it
        return "true".equals(text);
      }
      throw refuse(parser, show(parser));
    }
  }

  /** A truth value, or null for what the flavor has. */
  static final class FlagOrNull extends Flag {
    private static final long serialVersionUID = 1L;

    @Override
    public Boolean getNullValue(DeserializationContext context) {
      return null;
    }
  }
}
