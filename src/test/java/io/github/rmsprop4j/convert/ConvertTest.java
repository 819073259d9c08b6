package io.github.rmsprop4j.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.rmsprop4j.RmsProp;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The command: what it writes is tested with the library, here are its options and errors. */
class ConvertTest {
  private static final String BUILT_IN = org.nd4j.linalg.learning.config.RmsProp.class.getName();

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path builtIn;

  @BeforeEach
  void saveBuiltIn() throws IOException {
    builtIn = directory.resolve("built-in.zip");
    try (InputStream model = getClass().getResourceAsStream("/models/builtin-M2.zip")) {
      Files.copy(model, builtIn);
    }
  }

  private int run(Object... args) {
    String[] strings = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      strings[i] = args[i].toString();
    }
    CommandLine command = Convert.commandLine();
    command.setOut(new PrintWriter(out, true));
    command.setErr(new PrintWriter(err, true));
    return command.execute(strings);
  }

  private static String updater(Path model) throws IOException {
    MultiLayerNetwork network = MultiLayerNetwork.load(model.toFile(), true);
    return ((BaseLayer) network.getLayer(0).conf().getLayer()).getIUpdater().getClass().getName();
  }

  @Test
  void convertsAndBack() throws IOException {
    Path ours = directory.resolve("ours.zip");
    assertEquals(0, run(builtIn, ours), err::toString);
    assertEquals("written: " + ours + System.lineSeparator(), out.toString());
    assertEquals(RmsProp.class.getName(), updater(ours));
    Path back = directory.resolve("back.zip");
    assertEquals(0, run("--to-built-in", ours, back), err::toString);
    assertEquals(BUILT_IN, updater(back));
    assertEquals("", err.toString());
  }

  @Test
  void convertsAFolder() throws IOException {
    Path in = Files.createDirectory(directory.resolve("in"));
    Files.copy(builtIn, in.resolve("bestModel.bin"));
    Path converted = directory.resolve("out");
    assertEquals(0, run("--folder", in, converted), err::toString);
    assertEquals(RmsProp.class.getName(), updater(converted.resolve("bestModel.bin")));
    assertEquals(1, run("--folder", in, converted));
    assertEquals(converted + ": is there already" + System.lineSeparator(), err.toString());
  }

  @Test
  void helpListsTheOptions() {
    assertEquals(0, run("--help"));
    for (String option : new String[] {"--to-built-in", "--folder", "IN", "OUT"}) {
      assertTrue(out.toString().contains(option), out.toString());
    }
  }

  @Test
  void badArgumentsAreUsageErrors() {
    assertEquals(2, run(builtIn));
    assertEquals(2, run("--folder", builtIn, directory.resolve("out")));
    assertEquals(2, run(directory, directory.resolve("out")));
    assertTrue(err.toString().contains("IN must be a file, or a folder with --folder, got"));
  }

  @Test
  void failuresAreOneLine() {
    Path missing = directory.resolve("missing.zip");
    assertEquals(1, run(missing, directory.resolve("out.zip")));
    assertEquals("there is no " + missing + System.lineSeparator(), err.toString());
    err.getBuffer().setLength(0);
    assertEquals(1, run("--to-built-in", builtIn, directory.resolve("out.zip")));
    assertEquals(
        builtIn
            + ": there is nothing to replace: the updater must be io.github.rmsprop4j.RmsProp, got "
            + BUILT_IN
            + System.lineSeparator(),
        err.toString());
    assertFalse(Files.exists(directory.resolve("out.zip")));
  }
}
