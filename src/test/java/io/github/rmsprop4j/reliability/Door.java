package io.github.rmsprop4j.reliability;

import io.github.rmsprop4j.RmsProp;
import io.github.rmsprop4j.RmsPropUpdater;
import io.github.rmsprop4j.convert.Convert;
import io.github.rmsprop4j.digits.IdxFolder;
import io.github.rmsprop4j.digits.MnistFiles;
import io.github.rmsprop4j.dl4j.TrainedModels;
import io.github.rmsprop4j.examples.mnist.Mnist;
import io.github.rmsprop4j.harness.app.Harness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import picocli.CommandLine;

/**
 * A way by which bytes that others wrote come in. {@link #open} returns when they were let in and
 * when they were refused as documented; whatever it throws is a fault.
 */
public enum Door {
  /** The configuration of a saved network. */
  JSON {
    @Override
    void open(byte[] input) throws IOException {
      configuration(NeuralNetConfiguration.mapper(), input);
    }
  },

  /** The same in YAML. */
  YAML {
    @Override
    void open(byte[] input) throws IOException {
      configuration(NeuralNetConfiguration.mapperYaml(), input);
    }
  },

  /** {@code RmsProp.fromKeras} of a text, and where that is a map, of the map. */
  KERAS {
    @Override
    void open(byte[] input) throws IOException {
      String text = new String(input, StandardCharsets.UTF_8);
      try {
        step(RmsProp.fromKeras(text).config());
      } catch (IllegalArgumentException e) {
        Map<String, ?> map = mapOf(text);
        if (map != null) {
          refusable(() -> step(RmsProp.fromKeras(map).config()));
        }
      }
    }
  },

  /** {@code RmsProp.fromPyTorch}. */
  PYTORCH {
    @Override
    void open(byte[] input) throws IOException {
      Map<String, ?> map = mapOf(new String(input, StandardCharsets.UTF_8));
      if (map != null) {
        refusable(() -> step(RmsProp.fromPyTorch(map).config()));
      }
    }
  },

  /** A model's file, .keras or .json. */
  KERAS_FILE {
    @Override
    void open(byte[] input) throws IOException {
      if (!isHdf5(input)) {
        KERAS_HDF5.open(input);
      }
    }
  },

  /** A model's file, .h5 too: read by native code, whose faults would end this JVM. */
  KERAS_HDF5 {
    @Override
    void open(byte[] input) throws IOException {
      Path file = Files.createTempFile("door", ".keras");
      try {
        Files.write(file, input);
        refusable(() -> step(RmsProp.fromKeras(file).config()));
      } finally {
        Files.delete(file);
      }
    }
  },

  /** A saved network whose updater is to be exchanged. */
  MODEL {
    @Override
    void open(byte[] input) throws IOException {
      convert(input);
    }
  },

  /** The configuration in one that is whole otherwise. */
  MODEL_CONFIGURATION {
    @Override
    void open(byte[] input) throws IOException {
      ByteArrayOutputStream model = new ByteArrayOutputStream();
      try (ZipInputStream from = new ZipInputStream(Files.newInputStream(WHOLE_MODEL));
          ZipOutputStream to = new ZipOutputStream(model)) {
        for (ZipEntry entry = from.getNextEntry(); entry != null; entry = from.getNextEntry()) {
          to.putNextEntry(new ZipEntry(entry.getName()));
          to.write(entry.getName().equals("configuration.json") ? input : from.readAllBytes());
        }
      }
      convert(model.toByteArray());
    }
  },

  /** A file of MNIST's images beside good files. */
  IDX {
    @Override
    void open(byte[] input) throws IOException {
      Path folder = Files.createTempDirectory("door");
      try {
        IdxFolder.writePlain(folder);
        String images = MnistFiles.MNIST.get(0).name();
        Files.write(folder.resolve(images), input);
        List<MnistFiles.Idx> files =
            IdxFolder.FILES.stream()
                .map(
                    file ->
                        file.name().equals(images) ? new MnistFiles.Idx(images, md5(input)) : file)
                .toList();
        new MnistFiles(files, List.of(), Map.of(), folder)
            .load(folder, new PrintWriter(Writer.nullWriter()));
      } catch (IOException refused) {
        if (refused.getMessage() == null) {
          throw refused;
        }
      } finally {
        delete(folder);
      }
    }
  },

  /** What follows a program's name, one argument a line; the first line says which program. */
  COMMAND_LINE {
    @Override
    void open(byte[] input) {
      String[] lines = new String(input, StandardCharsets.UTF_8).split("\n", -1);
      CommandLine program = program(lines[0]);
      if (program != null) {
        parse(program, Arrays.copyOfRange(lines, 1, lines.length));
      }
    }
  };

  private static final Path WHOLE_MODEL =
      Path.of("src", "test", "resources", "models", "builtin-M2.zip");

  private static final ObjectMapper PLAIN = new ObjectMapper();

  /**
   * Lets the bytes in or refuses them as documented.
   *
   * @throws Throwable any other way it ends
   */
  abstract void open(byte[] input) throws IOException;

  /** Where the inputs lie that it must stand, as files of any name. */
  Path corpus() {
    return Path.of("src", "test", "resources", "doors", name().toLowerCase(Locale.ROOT));
  }

  /** What must throw nothing but an IllegalArgumentException that says why. */
  private static void refusable(Opening opening) throws IOException {
    try {
      opening.run();
    } catch (IllegalArgumentException e) {
      if (e.getMessage() == null || e.getMessage().isBlank()) {
        throw new AssertionError("refused without a reason", e);
      }
    }
  }

  /** Reads it; what was accepted is the same when it is written and read again, and steps. */
  private static void configuration(ObjectMapper mapper, byte[] input) throws IOException {
    IUpdater updater;
    try {
      updater = mapper.readValue(new String(input, StandardCharsets.UTF_8), IUpdater.class);
    } catch (JsonProcessingException | IllegalArgumentException e) {
      return; // Jackson throws the latter for a class name with brackets
    }
    if (updater instanceof RmsProp config) {
      refusable(
          () -> {
            config.stateSize(1);
            IUpdater again = mapper.readValue(mapper.writeValueAsString(config), IUpdater.class);
            if (!config.equals(again) || config.hashCode() != again.hashCode()) {
              throw new AssertionError(config + " became " + again);
            }
            step(config);
          });
    }
  }

  /** What was accepted must work: a small gradient gives numbers. */
  private static void step(RmsProp config) {
    INDArray state = Nd4j.create(DataType.DOUBLE, config.stateSize(2));
    RmsPropUpdater updater = config.instantiate(state, true);
    INDArray gradient = Nd4j.createFromArray(0.5, -0.25);
    updater.applyUpdater(gradient, 0, 0);
    if (config.getEpsilon() > 0 && !Double.isFinite(gradient.sumNumber().doubleValue())) {
      double rate = config.getLearningRate(0, 0);
      if (rate < 1e100 && config.getInitialMeanSquare() < 1e100) {
        throw new AssertionError("an update of " + gradient + " by " + config);
      }
    }
  }

  /** The output appears whole or not at all, and the input stays as it is. */
  private static void convert(byte[] model) throws IOException {
    Path folder = Files.createTempDirectory("door");
    try {
      Path in = Files.write(folder.resolve("in.zip"), model);
      Path out = folder.resolve("out.zip");
      boolean done = false;
      try {
        TrainedModels.fromBuiltIn(in, out);
        done = true;
      } catch (IOException | IllegalArgumentException refused) {
        if (refused.getMessage() == null || !refused.getMessage().contains("in.zip")) {
          throw new AssertionError("refused without the file's name", refused);
        }
      }
      if (!Arrays.equals(model, Files.readAllBytes(in))) {
        throw new AssertionError("the input was changed");
      }
      try (Stream<Path> files = Files.list(folder)) {
        List<Path> left = files.sorted().toList();
        if (!left.equals(done ? List.of(in, out) : List.of(in))) {
          throw new AssertionError(left + " were left behind");
        }
      }
    } finally {
      delete(folder);
    }
  }

  private static CommandLine program(String name) {
    return switch (name) {
      case "convert" -> Convert.commandLine();
      case "harness" -> Harness.commandLine(List.of(), subject -> List.of());
      case "mnist" ->
          Mnist.commandLine(
              new MnistFiles(MnistFiles.MNIST, List.of(), Map.of(), Path.of("")), RmsProp::new);
      default -> null;
    };
  }

  /** Accepted, or refused by exit code 2 and a reason; nothing is run. */
  private static void parse(CommandLine program, String[] arguments) {
    StringWriter err = new StringWriter();
    int code =
        program
            .setExecutionStrategy(parsed -> CommandLine.ExitCode.OK)
            .setExpandAtFiles(false) // which are files of this machine
            .setErr(new PrintWriter(err))
            .execute(arguments);
    String said = err.toString();
    boolean accepted = code == CommandLine.ExitCode.OK && said.isEmpty();
    boolean refused = code == CommandLine.ExitCode.USAGE && !said.isBlank();
    if (!accepted && !refused || said.contains("\n\tat ")) { // no argument has a line's end
      throw new AssertionError("exit code " + code + ": " + said);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
        Files.delete(file);
      }
    }
  }

  private static Map<String, ?> mapOf(String json) throws IOException {
    try {
      @SuppressWarnings("unchecked")
      Map<String, ?> map = PLAIN.readValue(json, Map.class);
      return map;
    } catch (JsonProcessingException | StackOverflowError e) {
      return null; // no business of ours
    }
  }

  private static boolean isHdf5(byte[] input) {
    return new String(input, StandardCharsets.ISO_8859_1).startsWith("\u0089HDF");
  }

  private static String md5(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Opening {
    void run() throws IOException;
  }
}
