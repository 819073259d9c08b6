package io.github.rmsprop4j.cli;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs a program of this project in a JVM of its own, on the class path that {@code exec:java} made
 * for this one.
 *
 * <p>{@code exec:exec} would do the same, but to the one line of a program that refuses an option
 * it adds a stack trace and seven lines of advice on Maven.
 */
public final class Launch {
  private Launch() {}

  /**
   * Ends Maven's JVM with the program's exit code, unless that is 0.
   *
   * @param arguments first any environment variables, as {@code NAME=value} (without a value the
   *     variable stays as it is), then what follows {@code java}
   */
  public static void main(String[] arguments)
      throws IOException, InterruptedException, URISyntaxException {
    ProcessBuilder builder = new ProcessBuilder().inheritIO();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(classPath());
    int i = 0;
    for (; arguments[i].matches("[A-Z_]+=.*"); i++) {
      String[] variable = arguments[i].split("=", 2);
      if (!variable[1].isEmpty()) {
        builder.environment().put(variable[0], variable[1]);
      }
    }
    command.addAll(List.of(arguments).subList(i, arguments.length));
    Process program = builder.command(command).start();
    Runtime.getRuntime().addShutdownHook(new Thread(program::destroy));
    int code = program.waitFor();
    if (code != 0) {
      System.exit(code);
    }
  }

  private static String classPath() throws URISyntaxException {
    List<String> entries = new ArrayList<>();
    for (URL url : ((URLClassLoader) Launch.class.getClassLoader()).getURLs()) {
      entries.add(Path.of(url.toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
