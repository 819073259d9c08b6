package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the README says in Java compiles and runs, and its table of flavors is the code's. */
@Tag("once")
class ReadmeTest {
  private static final Path README = Path.of("README.md");

  private static final String IMPORTS =
      """
      import io.github.rmsprop4j.*;
      import io.github.rmsprop4j.migration.Migration;
      import java.util.*;
      import org.deeplearning4j.nn.api.*;
      import org.deeplearning4j.nn.conf.*;
      import org.deeplearning4j.nn.conf.layers.*;
      import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
      import org.nd4j.linalg.activations.Activation;
      import org.nd4j.linalg.learning.regularization.*;
      import org.nd4j.linalg.schedule.*;
      """;

  /** A fenced Java block and where it stands. */
  record Snippet(int line, String code) {
    @Override
    public String toString() {
      return "line " + line;
    }
  }

  static List<Snippet> snippets() throws IOException {
    String text = Files.readString(README);
    List<Snippet> snippets = new ArrayList<>();
    Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(text);
    while (block.find()) {
      int line = (int) text.substring(0, block.start()).lines().count() + 1;
      snippets.add(new Snippet(line, block.group(1)));
    }
    assertTrue(snippets.size() >= 2, "the README has snippets");
    return snippets;
  }

  @ParameterizedTest
  @MethodSource("snippets")
  void snippetsRun(Snippet snippet, @TempDir Path folder) throws Exception {
    StringBuilder imports = new StringBuilder(IMPORTS);
    StringBuilder body = new StringBuilder();
    snippet
        .code
        .lines()
        .forEach(line -> (line.startsWith("import ") ? imports : body).append(line).append('\n'));
    Path source = folder.resolve("Snippet.java");
    Files.writeString(
        source,
        imports
            + "public class Snippet {\n  public static void run() throws Exception {\n"
            + body
            + "  }\n}\n");
    int failed =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-d",
                folder.toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                source.toString());
    assertEquals(0, failed, "javac on\n" + Files.readString(source));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {folder.toUri().toURL()})) {
      loader.loadClass("Snippet").getMethod("run").invoke(null);
    }
  }

  @Test
  void theTableOfFlavorsIsTheCodes() throws IOException {
    Set<Flavor> missing = EnumSet.allOf(Flavor.class);
    for (String line : Files.readAllLines(README)) {
      String[] cell = line.split("\\s*\\|\\s*");
      if (cell.length == 11 && cell[1].matches("`[A-Z0-9_]+`")) {
        Flavor flavor = Flavor.valueOf(cell[1].replace("`", ""));
        missing.remove(flavor);
        RmsProp config = RmsProp.builder(flavor).build();
        assertEquals(config.getLearningRate(), Double.parseDouble(cell[3]), flavor + " η");
        assertEquals(config.getRmsDecay(), Double.parseDouble(cell[4]), flavor + " ρ");
        assertEquals(config.getEpsilon(), Double.parseDouble(cell[5]), flavor + " ε");
        String inside = flavor == Flavor.TF_KERAS2 ? "with μ" : yes(config.isEpsilonInsideSqrt());
        assertEquals(inside, cell[6], flavor + " ε inside");
        double initial = cell[7].equals("ε") ? config.getEpsilon() : Double.parseDouble(cell[7]);
        assertEquals(config.getInitialMeanSquare(), initial, flavor + " v before the first step");
        assertEquals(config.getMomentum(), Double.parseDouble(cell[8]), flavor + " μ");
        assertEquals(yes(config.isLearningRateInMomentum()), cell[9], flavor + " η in the buffer");
        assertEquals(yes(config.isCentered()), cell[10], flavor + " centered");
      }
    }
    assertEquals(EnumSet.noneOf(Flavor.class), missing, "flavors that the README leaves out");
  }

  private static String yes(boolean fact) {
    return fact ? "yes" : "no";
  }

  @Test
  void linksToFilesLeadSomewhere() throws IOException {
    for (String page : new String[] {"README.md", "CONTRIBUTING.md", "benchmarks/README.md"}) {
      Path folder = Path.of(page).toAbsolutePath().getParent();
      Matcher link = Pattern.compile("]\\(([^)#:]+)\\)").matcher(Files.readString(Path.of(page)));
      while (link.find()) {
        assertTrue(Files.exists(folder.resolve(link.group(1))), page + ": " + link.group(1));
      }
    }
  }
}
