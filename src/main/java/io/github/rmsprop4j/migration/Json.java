package io.github.rmsprop4j.migration;

import java.io.IOException;
import java.util.regex.Pattern;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonFactoryBuilder;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** JSON text as maps, lists, strings, numbers and booleans, within bounds that no model reaches. */
final class Json {
  /** Characters of a text, and bytes of a file that holds one. */
  static final int MAX_LENGTH = 1 << 24;

  /** Jackson, which reads recursively, would overflow the stack somewhere above. */
  private static final int MAX_DEPTH = 500;

  /** Jackson takes the square of their number in time. */
  private static final int MAX_DIGITS = 1000;

  private static final Pattern PYTHON =
      Pattern.compile("[{\\[(,:=]\\s*(?:[urb]?'|True\\b|False\\b|None\\b)|^\\s*'|^\\s*<");

  private static final ObjectMapper MAPPER =
      // A table of names, which is kept for the next text, is filled or overflown by hostile ones.
      new ObjectMapper(
              new JsonFactoryBuilder()
                  .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Json() {}

  /**
   * Reads one JSON value.
   *
   * @param what names the text in messages
   * @throws IllegalArgumentException if it is null, no JSON, or beyond the bounds
   */
  static Object read(String json, String what) {
    if (json == null) {
      throw new IllegalArgumentException(what + " must not be null");
    }
    if (json.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          what + " must have at most " + MAX_LENGTH + " characters, got " + json.length());
    }
    try {
      checkBounds(json, what);
      return MAPPER.readValue(json, Object.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          what + " must be JSON: " + e.getOriginalMessage() + hint(json), e);
    } catch (IOException e) {
      throw new AssertionError(e); // of a string
    }
  }

  private static void checkBounds(String json, String what) throws IOException {
    try (JsonParser parser = MAPPER.getFactory().createParser(json)) {
      int depth = 0;
      for (JsonToken token; (token = parser.nextToken()) != null; ) {
        if (token.isStructStart() && ++depth > MAX_DEPTH) {
          throw new IllegalArgumentException(
              what + " must be nested at most " + MAX_DEPTH + " deep, got more");
        }
        if (token.isStructEnd()) {
          depth--;
        }
        if (token.isNumeric() && parser.getTextLength() > MAX_DIGITS) {
          throw new IllegalArgumentException(
              what
                  + " must have numbers of at most "
                  + MAX_DIGITS
                  + " digits, got one of "
                  + parser.getTextLength());
        }
      }
    }
  }

  private static String hint(String json) {
    if (!json.contains("{") && json.matches("(?s).{1,4000}\\.(h5|hdf5|keras|json)\\s*")) {
      return "; of a file, hand over a Path";
    }
    return PYTHON.matcher(json).find() ? "; this is Python, of which json.dumps makes JSON" : "";
  }
}
