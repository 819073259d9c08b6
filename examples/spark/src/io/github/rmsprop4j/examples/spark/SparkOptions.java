package io.github.rmsprop4j.examples.spark;

import io.github.rmsprop4j.cli.HelpOption;
import io.github.rmsprop4j.digits.MnistData;
import io.github.rmsprop4j.examples.mnist.MnistOptions;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@link SparkMnist} can be told beside {@link MnistOptions}. */
final class SparkOptions {
  private static final int MAX_WORKERS = 1000;

  @Option(
      names = "--master",
      defaultValue = "local[*]",
      paramLabel = "URL",
      description =
          "Spark's master: local[*], local[4], spark://host:7077, ... (default:"
              + " ${DEFAULT-VALUE}).")
  String master;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Networks trained side by side (default: the cores that Spark has).")
  Integer workers;

  @Option(
      names = "--averaging",
      defaultValue = "10",
      paramLabel = "N",
      description = "Steps of each worker between two averagings (default: ${DEFAULT-VALUE}).")
  int averaging;

  @Option(
      names = "--epochs",
      defaultValue = "3",
      paramLabel = "N",
      description = "Passes over the training images (default: ${DEFAULT-VALUE}).")
  int epochs;

  @Option(
      names = "--checkpoint",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Every N averagings, put down in --output all that --resume needs (default: never).")
  int checkpointEvery;

  @Option(
      names = "--resume",
      description =
          "Go on where the last checkpoint of a killed training with the same options is; from the"
              + " beginning if there is none.")
  boolean resume;

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description = "A setting of Spark's, as of spark-submit; may be repeated.")
  private Map<String, String> conf = new LinkedHashMap<>();

  @Mixin private HelpOption help;

  /** Executors of a cluster find the classes where the driver has them, unless told otherwise. */
  SparkConf conf() {
    SparkConf settings =
        new SparkConf()
            .setMaster(master)
            .setAppName("rmsprop4j MNIST")
            .set("spark.ui.enabled", "false")
            .set("spark.executorEnv.OMP_NUM_THREADS", "1");
    if (!master.startsWith("local")) {
      settings.set("spark.executor.extraClassPath", System.getProperty("java.class.path"));
      if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
        settings.set(
            "spark.executor.extraJavaOptions",
            "--add-modules=jdk.incubator.vector --add-opens=java.base/sun.nio.ch=ALL-UNNAMED");
      }
    }
    conf.forEach(settings::set);
    return settings;
  }

  /** {@return what a training that is resumed must have in common with the one that was killed} */
  Map<String, String> settings(MnistOptions common, MnistData digits, int count) {
    Map<String, String> settings = common.settings(digits, epochs);
    settings.put("--workers", "" + count);
    settings.put("--averaging", "" + averaging);
    return settings;
  }

  /**
   * Throws what picocli shows in a line.
   *
   * @param common refuses, and checks the rest
   * @param targets the files that will be written
   */
  void check(MnistOptions common, Path... targets) {
    if (workers != null) {
      common.check("--workers", workers, 1, MAX_WORKERS);
    }
    common.check("--averaging", averaging, 1, MnistOptions.IMAGES);
    common.check("--checkpoint", checkpointEvery, 0, Integer.MAX_VALUE);
    common.check(epochs, targets);
  }
}
