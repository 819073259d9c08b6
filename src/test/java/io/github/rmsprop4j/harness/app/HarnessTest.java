package io.github.rmsprop4j.harness.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.harness.Comparison;
import io.github.rmsprop4j.harness.Contender;
import io.github.rmsprop4j.harness.ErrorStatistics;
import io.github.rmsprop4j.harness.Subject;
import io.github.rmsprop4j.harness.networks.StandardNetwork;
import io.github.rmsprop4j.harness.report.Item;
import io.github.rmsprop4j.harness.report.Numbers;
import io.github.rmsprop4j.harness.report.Outcome;
import io.github.rmsprop4j.harness.report.TerminalTable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import picocli.CommandLine;

/** The whole command, in this JVM, on networks that take no time. */
class HarnessTest {
  private static final StandardNetwork SMALL = network("small", "With <b> & \"quotes\".", 3);
  private static final StandardNetwork LARGE = network("large-1", "Larger.", 7);
  private static final StandardNetwork BROKEN =
      new StandardNetwork(
          "broken",
          "Cannot be made.",
          (type, settings) -> {
            throw new IllegalStateException("no such luck");
          },
          type -> List.of());

  @TempDir private Path temp;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private static StandardNetwork network(String name, String description, int hidden) {
    return new StandardNetwork(
        name,
        description,
        (type, settings) -> {
          MultiLayerNetwork network =
              new MultiLayerNetwork(
                  new NeuralNetConfiguration.Builder()
                      .seed(7)
                      .dataType(type)
                      .updater(settings)
                      .list(
                          new DenseLayer.Builder().nIn(2).nOut(hidden).build(),
                          new OutputLayer.Builder()
                              .nIn(hidden)
                              .nOut(2)
                              .activation(Activation.SOFTMAX)
                              .build())
                      .build());
          network.init();
          return Subject.of(network);
        },
        type -> {
          INDArray x = Nd4j.createFromArray(new double[][] {{1, 2}, {-1, -2}}).castTo(type);
          INDArray y = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}).castTo(type);
          return List.of(new MultiDataSet(x, y));
        });
  }

  private int run(String... arguments) {
    return run(Contender::of, arguments);
  }

  private int run(Function<Subject, List<Contender>> contenders, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--output")) {
      all.addAll(List.of("--output", temp.toString()));
    }
    if (!all.contains("--iterations")) {
      all.addAll(List.of("--iterations", "8"));
    }
    CommandLine command = Harness.commandLine(List.of(SMALL, LARGE, BROKEN), contenders);
    command.setOut(new PrintWriter(out)).setErr(new PrintWriter(err, true));
    return command.execute(all.toArray(String[]::new));
  }

  /** A wrong epsilon in the place of this project's updater. */
  private static List<Contender> withFault(Subject subject) {
    List<Contender> contenders = new ArrayList<>(Contender.of(subject));
    String name = contenders.get(1).name();
    contenders.set(
        1,
        new Contender(
            name,
            (settings, view, initialize) -> {
              RmsProp wrong = settings.clone();
              wrong.setEpsilon(1e-3);
              return wrong.instantiate(view, initialize);
            }));
    return contenders;
  }

  private String lastLine() {
    List<String> lines = out.toString().lines().toList();
    return lines.get(lines.size() - 1);
  }

  private Document page() throws Exception {
    String page = Files.readString(temp.resolve("index.html"));
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(page.replaceFirst("<!DOCTYPE html>", ""))));
  }

  @Test
  void comparesAndReports() throws Exception {
    assertEquals(0, run("--networks", "small,LARGE.*"), err::toString);
    assertEquals("", err.toString());
    assertEquals("harness: 2 networks, 0 differ", lastLine());
    List<String> rows =
        out.toString().lines().filter(line -> line.matches("  (small|large-1) .*")).toList();
    assertEquals(4, rows.size(), out::toString);
    assertTrue(
        rows.get(0).matches("  small +FLOAT +17 +[=-] +[=-] +[=-] += .*"), () -> rows.get(0));
    assertTrue(rows.get(1).contains(" DOUBLE "), () -> rows.get(1));

    Document page = page();
    assertEquals(List.of("small", "large-1"), texts(page, "h3"));
    assertTrue(page.getDocumentElement().getTextContent().contains("With <b> & \"quotes\"."));
    assertTrue(texts(page, "b").contains("2 networks, 0 differ"));
    for (String attribute : List.of("src", "href")) {
      for (Element element : elements(page, "*")) {
        String address = element.getAttribute(attribute);
        assertTrue(address.isEmpty() || address.startsWith("#"), address);
      }
    }
    assertFalse(Files.readString(temp.resolve("index.html")).contains("url("));
    for (Element link : elements(page, "a")) {
      String id = link.getAttribute("href").substring(1);
      assertTrue(elements(page, "*").stream().anyMatch(e -> e.getAttribute("id").equals(id)), id);
    }
    assertEquals(List.of(temp.resolve("index.html")), list(temp));
  }

  @Test
  void namesWhatDiffers() throws Exception {
    assertEquals(1, run(HarnessTest::withFault, "--networks", "small", "--types", "FLOAT"));
    assertEquals("harness: 1 network, 1 differ", lastLine());
    assertTrue(out.toString().lines().anyMatch(line -> line.matches("! small +FLOAT .* @0 .*")));
    String fault =
        out.toString()
            .lines()
            .filter(line -> line.startsWith("small, FLOAT: ") && line.contains(" differs from "))
            .findFirst()
            .orElseThrow();
    assertTrue(fault.contains("built-in at iteration 0: update of "), fault);
    Document page = page();
    assertTrue(texts(page, "b").contains("1 network, 1 differ"));
    assertTrue(
        texts(page, "li").contains(fault.substring("small, FLOAT: ".length())),
        () -> fault + " in " + texts(page, "li"));
  }

  @Test
  void aNetworkThatBreaksOffDoesNotHideTheOthers() throws Exception {
    assertEquals(1, run("--types", "double", "--networks", "small,broken"));
    assertEquals("harness: 2 networks, 0 differ, 1 broke off", lastLine());
    assertTrue(
        out.toString()
            .contains("broken, DOUBLE: broke off: java.lang.IllegalStateException: no such luck"));
    assertTrue(texts(page(), "h3").contains("broken"));
  }

  @Test
  void listsTheNetworks() throws IOException {
    assertEquals(0, run("--list"));
    assertEquals(
        List.of("small    With <b> & \"quotes\".", "large-1  Larger.", "broken   Cannot be made."),
        out.toString().lines().toList());
    assertEquals(List.of(), list(temp), "and does nothing else");
  }

  @Test
  void helps() {
    assertEquals(0, run("--help"));
    for (String option : List.of("--networks", "--types", "--iterations", "--model", "--data")) {
      assertTrue(out.toString().contains(option), option);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--networks medium | --networks must match one of small, large-1, broken; got medium",
        "--networks small,*x | --networks must match one of small, large-1, broken; got *x",
        "--types HALF | must be FLOAT or DOUBLE, got HALF",
        "--iterations 0 | --iterations must be in [1, 100000], got 0",
        "--iterations many | 'many' is not an int",
        "--batch-size 3 | --batch-size is only with --model, got 3",
        "--data somewhere | --data is only with --model, got somewhere",
        "--model nowhere.zip | --model must be there and readable, got nowhere.zip",
        "--model pom.xml --types FLOAT | --types is not with --model, which has its own, got [FLOAT]",
        "--model pom.xml | --model must be a zip written by Deeplearning4j's ModelSerializer, got pom.xml",
        "--output pom.xml | --output must be a folder that can be written to, got pom.xml",
        "--colour red | Unknown options: '--colour', 'red'",
      })
  void refusesAtTheDoor(String arguments, String message) throws IOException {
    assertEquals(2, run(arguments.split(" ")));
    assertTrue(err.toString().contains(message), err::toString);
    assertTrue(err.toString().endsWith("--help lists the options." + System.lineSeparator()));
    assertEquals("", out.toString());
    assertEquals(List.of(), list(temp));
  }

  @Test
  void theTableFitsItsWidth() {
    Item item =
        new Item(
            Item.Section.NETWORKS,
            "n",
            "a title that is far too long for the table",
            "",
            DataType.DOUBLE,
            1,
            progress -> null);
    ErrorStatistics errors = new ErrorStatistics();
    errors.add(1234567);
    Comparison.Training training =
        new Comparison.Training(
            "built-in",
            List.of(1.0),
            1,
            List.of(999_999_000L),
            List.of(1L),
            errors,
            errors,
            errors,
            Optional.empty());
    Comparison comparison =
        new Comparison(
            "n", DataType.DOUBLE, 123_456_789, 9999, true, false, List.of(training, training));
    TerminalTable table = new TerminalTable(List.of(item));
    String line = table.line(new Outcome(item, Optional.of(comparison), List.of("a fault")));
    assertTrue(line.length() <= TerminalTable.WIDTH, line.length() + ": " + line);
    assertTrue(line.startsWith("! a title that is far to~ DOUBLE "), line);
    for (String header : table.header()) {
      assertTrue(header.length() <= TerminalTable.WIDTH, header);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.001, .00",
    "0.314, .31",
    "0.996, 1.0",
    "1, 1",
    "1.26, 1.3",
    "9.96, 10",
    "99.7, 100",
    "999.6, 1e3",
    "123456, 1e5",
    "1e100, 1e100",
    "Infinity, inf",
    "NaN, -"
  })
  void writesUlps(double value, String text) {
    assertEquals(text, Numbers.ulps(value));
  }

  private static List<Element> elements(Document page, String name) {
    NodeList found = page.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      elements.add((Element) found.item(i));
    }
    return elements;
  }

  private static List<String> texts(Document page, String name) {
    return elements(page, name).stream().map(Element::getTextContent).toList();
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
