package io.github.rmsprop4j.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CONTRIBUTING's table of what a new setting, flavor, kernel, network or contender touches: every
 * file that it names mentions the example, and no other program file does.
 */
@Tag("once")
class PlacesTest {
  private static final String TABLE = "| a new ";
  private static final List<Path> PROGRAMS =
      List.of(
          Path.of("src/main"),
          Path.of("src/harness"),
          Path.of("benchmarks/src"),
          Path.of("benchmarks/peers/java"),
          Path.of("examples/src"));
  private static final Path TESTS = Path.of("src/test/java");

  static Stream<Arguments> rows() throws IOException {
    return Files.readAllLines(Path.of("CONTRIBUTING.md")).stream()
        .filter(line -> line.startsWith(TABLE))
        .map(
            line -> {
              String[] cells = line.split("\\|");
              List<String> files = new ArrayList<>();
              Pattern.compile("`([^`]+)`")
                  .matcher(cells[4])
                  .results()
                  .forEach(file -> files.add(file.group(1)));
              String example = cells[2].strip().replace("`", "");
              return arguments(
                  cells[1].strip(), example, Integer.parseInt(cells[3].strip()), files);
            });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void areAllOfThem(String kind, String example, int count, List<String> files) throws IOException {
    assertEquals(count, files.size(), "count");
    Set<String> unlisted = new TreeSet<>();
    for (Path root : PROGRAMS) {
      mentioning(example, root).forEach(file -> unlisted.add(file.toString().replace('\\', '/')));
    }
    for (String file : files) {
      String path = file.endsWith(".md") ? file : unique(file);
      assertTrue(mentions(example, Path.of(path)), file + " does not mention " + example);
      unlisted.remove(path);
    }
    assertEquals(Set.of(), unlisted, example + " is in these too");
  }

  /** The path of a class that is named as the table does, with folders where they are needed. */
  private static String unique(String name) throws IOException {
    List<Path> found = new ArrayList<>();
    List<Path> roots = new ArrayList<>(PROGRAMS);
    roots.add(TESTS);
    for (Path root : roots) {
      try (Stream<Path> all = Files.walk(root)) {
        all.filter(path -> path.endsWith(name + ".java")).forEach(found::add);
      }
    }
    assertEquals(1, found.size(), () -> "files of the name " + name + ": " + found);
    return found.get(0).toString().replace('\\', '/');
  }

  private static List<Path> mentioning(String example, Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(path -> path.toString().endsWith(".java"))
          .filter(path -> mentions(example, path))
          .toList();
    }
  }

  private static boolean mentions(String example, Path file) {
    try {
      return Arrays.asList(Files.readString(file).split("\\W+")).contains(example);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
