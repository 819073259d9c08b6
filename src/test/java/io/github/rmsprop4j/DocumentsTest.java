package io.github.rmsprop4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
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

/** What the documents say in Java compiles and runs, and the table of flavors is the code's. */
@Tag("once")
class DocumentsTest {
  private static final Path README = Path.of("README.md");

  /** Longer, and nobody reads it. */
  private static final int README_LINES = 180;

  private static final String IMPORTS =
      """
      import io.github.rmsprop4j.*;
      import io.github.rmsprop4j.dl4j.*;
      import io.github.rmsprop4j.migration.*;
      import java.util.*;
      import org.deeplearning4j.nn.api.*;
      import org.deeplearning4j.nn.conf.*;
      import org.deeplearning4j.nn.conf.layers.*;
      import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
      import org.nd4j.linalg.activations.Activation;
      import org.nd4j.linalg.indexing.BooleanIndexing;
      import org.nd4j.linalg.indexing.conditions.Conditions;
      import org.nd4j.linalg.learning.regularization.*;
      import org.nd4j.linalg.schedule.*;
      """;

  /** A fenced Java block and where it stands. */
  record Snippet(Path page, int line, String code) {
    @Override
    public String toString() {
      return page + ", line " + line;
    }
  }

  /** All pages: those at the top, in {@code docs} and in {@code benchmarks}. */
  static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : new String[] {"", "docs", "benchmarks", "benchmarks/peers"}) {
      try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of(folder), "*.md")) {
        found.forEach(pages::add);
      }
    }
    Collections.sort(pages);
    assertTrue(pages.contains(README) && pages.contains(Path.of("docs/migration.md")), "" + pages);
    return pages;
  }

  static List<Snippet> snippets() throws IOException {
    List<Snippet> snippets = new ArrayList<>();
    for (Path page : pages()) {
      String text = Files.readString(page);
      Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(text);
      while (block.find()) {
        int line = (int) text.substring(0, block.start()).lines().count() + 1;
        snippets.add(new Snippet(page, line, block.group(1)));
      }
    }
    assertTrue(snippets.stream().anyMatch(snippet -> snippet.page.equals(README)), "" + snippets);
    return snippets;
  }

  @Test
  void theReadmeIsShort() throws IOException {
    int lines = Files.readAllLines(README).size();
    assertTrue(lines <= README_LINES, "the README has " + lines + " lines");
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

  @ParameterizedTest
  @MethodSource("pages")
  void linksToFilesLeadSomewhere(Path page) throws IOException {
    Path folder = page.toAbsolutePath().getParent();
    Matcher link =
        Pattern.compile("]\\(([^)#:<\\s]+)(?:[#\\s][^)]*)?\\)").matcher(Files.readString(page));
    while (link.find()) {
      assertTrue(Files.exists(folder.resolve(link.group(1))), page + ": " + link.group(1));
    }
  }
}
