package io.github.rmsprop4j.packaging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.RmsPropHarness;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes into the harness jar names nothing but the library, itself and its declared needs. */
@Tag("once")
class HarnessJarTest {
  /** Packages, and the artifact of docs/packaging.md that brings them. */
  private static final Map<String, String> NEEDS =
      Map.of(
          "org.nd4j.", "Deeplearning4j",
          "org.deeplearning4j.", "Deeplearning4j",
          "org.bytedeco.", "Deeplearning4j",
          "org.slf4j.", "Deeplearning4j",
          "org.deeplearning4j.zoo.", "deeplearning4j-zoo",
          "picocli.", "info.picocli:picocli",
          "me.tongfei.progressbar.", "me.tongfei:progressbar",
          "org.knowm.xchart.", "org.knowm.xchart:xchart",
          "freemarker.", "org.freemarker:freemarker");

  private static final String OWN = "io/github/rmsprop4j/";

  @Test
  void namesNothingElse(@TempDir Path folder) throws IOException, URISyntaxException {
    Path harness = folder.resolve("harness");
    Path library = folder.resolve("library");
    int copied = copy(RmsPropHarness.class, harness, HarnessJarTest::isInTheJar);
    assertTrue(copied > 50, "classes of the jar: " + copied);
    copy(
        RmsProp.class,
        library,
        name -> name.matches(OWN + "((dl4j|migration|kernel)/)?[^/]*") && !isTest(name));

    TreeSet<String> missing = new TreeSet<>();
    Matcher line = Pattern.compile("(\\S+) +-> (\\S+) +not found").matcher(jdeps(library, harness));
    while (line.find()) {
      missing.add(line.group(1) + " -> " + line.group(2));
    }
    assertTrue(missing.stream().anyMatch(l -> l.contains("-> picocli.")), "jdeps: " + missing);
    missing.removeIf(l -> NEEDS.keySet().stream().anyMatch(l.replaceAll(".* ", "")::startsWith));
    assertEquals(new TreeSet<>(), missing, "outside of the jar, and not declared");
  }

  @Test
  void needsAreDeclared() throws IOException {
    String page = Files.readString(Path.of("docs/packaging.md"));
    for (String artifact : NEEDS.values()) {
      assertTrue(page.contains(artifact), artifact);
    }
  }

  /** Where classes of both stand in one folder: the library's are not compiled from tests. */
  private static boolean isTest(String name) {
    String source = name.replaceFirst("(\\$.*)?\\.class$", ".java");
    return !Files.exists(Path.of("src/main/java", source));
  }

  private static boolean isInTheJar(String name) {
    return matches("include", name) && !matches("exclude", name);
  }

  /** As the POM says for the jar of the classifier. */
  private static boolean matches(String element, String name) {
    return PATTERNS.get(element).stream().anyMatch(pattern -> pattern.matches(Path.of(name)));
  }

  private static final Map<String, List<PathMatcher>> PATTERNS = patterns();

  private static Map<String, List<PathMatcher>> patterns() {
    try {
      String pom = Files.readString(Path.of("pom.xml"));
      int start = pom.indexOf("<classifier>harness</classifier>");
      String jar = pom.substring(start, pom.indexOf("</execution>", start));
      return Map.of("include", matchers("include", jar), "exclude", matchers("exclude", jar));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<PathMatcher> matchers(String element, String pom) {
    List<PathMatcher> matchers = new ArrayList<>();
    Matcher matcher = Pattern.compile("<" + element + ">(.*?)</" + element + ">").matcher(pom);
    while (matcher.find()) {
      matchers.add(FileSystems.getDefault().getPathMatcher("glob:" + matcher.group(1)));
    }
    return matchers;
  }

  private static int copy(Class<?> one, Path to, Predicate<String> chosen)
      throws IOException, URISyntaxException {
    Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().toURI());
    List<Path> classes;
    try (Stream<Path> all = Files.walk(root)) {
      classes =
          all.filter(path -> path.toString().endsWith(".class"))
              .map(root::relativize)
              .filter(path -> chosen.test(path.toString().replace('\\', '/')))
              .toList();
    }
    for (Path path : classes) {
      Files.createDirectories(to.resolve(path).getParent());
      Files.copy(root.resolve(path), to.resolve(path));
    }
    return classes.size();
  }

  private static String jdeps(Path library, Path harness) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    ToolProvider jdeps = ToolProvider.findFirst("jdeps").orElseThrow();
    jdeps.run(
        new PrintWriter(out),
        new PrintWriter(err),
        "--missing-deps",
        "-cp",
        library.toString(),
        harness.toString());
    assertEquals("", err.toString());
    return out.toString();
  }
}
