package io.github.rmsprop4j.digits;

import java.util.SplittableRandom;

/**
 * Digits that are drawn instead of downloaded, so that the example works without a network.
 *
 * <p>Each digit has a few styles of pen strokes. A drawing moves the points of one style a little,
 * slants, turns, stretches and shifts it, and inks it with a pen of random width on noisy paper. It
 * is easier than MNIST, but no linear classifier solves it.
 */
public final class DrawnDigits {
  /** Side of the box that the strokes are scaled to, as in MNIST. */
  private static final double BOX = 20;

  private static final int POINTS_PER_CURVE = 6;

  private DrawnDigits() {}

  /**
   * Draws a training and a test set, each with the classes in turn. Equal seeds give equal images,
   * and a smaller training set is the beginning of a larger one.
   */
  public static MnistData draw(int trainImages, int testImages, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SplittableRandom trainRandom = random.split();
    SplittableRandom testRandom = random.split();
    return new MnistData(
        draw(trainImages, trainRandom), draw(testImages, testRandom), "drawn digits, NOT MNIST");
  }

  private static Digits draw(int count, SplittableRandom random) {
    byte[][] pixels = new byte[count][];
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % Digits.CLASSES;
      pixels[i] = drawOne(labels[i], random);
    }
    return new Digits(pixels, labels);
  }

  private static byte[] drawOne(int digit, SplittableRandom random) {
    Stroke[][] styles = STYLES[digit];
    Stroke[] style = styles[random.nextInt(styles.length)];
    double turn = random.nextDouble(-0.35, 0.35);
    double slant = random.nextDouble(-0.4, 0.4);
    double width = random.nextDouble(0.62, 1.12);
    double height = random.nextDouble(0.8, 1.1);
    double right = random.nextDouble(-3, 3);
    double down = random.nextDouble(-3, 3);
    double pen = random.nextDouble(0.6, 1.9);
    double wobble = random.nextDouble(0.03, 0.1);
    // StrictMath: the same pixels on every machine.
    double cos = StrictMath.cos(turn);
    double sin = StrictMath.sin(turn);

    double[] ink = new double[Digits.SIDE * Digits.SIDE];
    for (Stroke stroke : style) {
      double[] points = stroke.points.clone();
      for (int i = 0; i < points.length; i += 2) {
        double x = (points[i] - 0.5 + random.nextDouble(-wobble, wobble)) * width;
        double y = (points[i + 1] - 0.5 + random.nextDouble(-wobble, wobble)) * height;
        x -= slant * y;
        points[i] = (cos * x - sin * y) * BOX + Digits.SIDE / 2.0 - 0.5 + right;
        points[i + 1] = (sin * x + cos * y) * BOX + Digits.SIDE / 2.0 - 0.5 + down;
      }
      double[] line = stroke.curved ? curveThrough(points) : points;
      for (int i = 2; i < line.length; i += 2) {
        inkSegment(ink, line[i - 2], line[i - 1], line[i], line[i + 1], pen);
      }
    }

    double darkness = random.nextDouble(0.5, 1);
    double noise = random.nextDouble(0, 0.4);
    byte[] pixels = new byte[ink.length];
    for (int i = 0; i < ink.length; i++) {
      double grey = ink[i] * darkness + random.nextDouble(-1, 1) * noise;
      pixels[i] = (byte) (int) (255 * Math.max(0, Math.min(1, grey)));
    }
    return pixels;
  }

  /** Marks each pixel by how much of it a round pen covers on its way along a straight line. */
  private static void inkSegment(
      double[] ink, double x1, double y1, double x2, double y2, double pen) {
    double dx = x2 - x1;
    double dy = y2 - y1;
    double lengthSquared = Math.max(dx * dx + dy * dy, 1e-12);
    int left = Math.max(0, (int) (Math.min(x1, x2) - pen));
    int right = Math.min(Digits.SIDE - 1, (int) (Math.max(x1, x2) + pen + 1));
    int top = Math.max(0, (int) (Math.min(y1, y2) - pen));
    int bottom = Math.min(Digits.SIDE - 1, (int) (Math.max(y1, y2) + pen + 1));
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double along = ((x - x1) * dx + (y - y1) * dy) / lengthSquared;
        along = Math.max(0, Math.min(1, along));
        double offX = x - x1 - along * dx;
        double offY = y - y1 - along * dy;
        double covered = pen + 0.5 - Math.sqrt(offX * offX + offY * offY);
        int pixel = y * Digits.SIDE + x;
        ink[pixel] = Math.max(ink[pixel], Math.min(1, covered));
      }
    }
  }

  /** A Catmull-Rom spline: smooth, and it goes through the points that it is given. */
  private static double[] curveThrough(double[] points) {
    int last = points.length / 2 - 1;
    double[] curve = new double[2 * (last * POINTS_PER_CURVE + 1)];
    for (int i = 0; i < last; i++) {
      for (int axis = 0; axis < 2; axis++) {
        double before = points[2 * Math.max(i - 1, 0) + axis];
        double from = points[2 * i + axis];
        double to = points[2 * (i + 1) + axis];
        double after = points[2 * Math.min(i + 2, last) + axis];
        double slope = to - before;
        double bend = 2 * before - 5 * from + 4 * to - after;
        double twist = 3 * (from - to) + after - before;
        for (int k = 0; k < POINTS_PER_CURVE; k++) {
          double t = (double) k / POINTS_PER_CURVE;
          curve[2 * (i * POINTS_PER_CURVE + k) + axis] =
              from + 0.5 * t * (slope + t * (bend + t * twist));
        }
      }
    }
    curve[curve.length - 2] = points[2 * last];
    curve[curve.length - 1] = points[2 * last + 1];
    return curve;
  }

  /** A movement of the pen: x and y in turn, in a box from (0, 0), top left, to (1, 1). */
  private record Stroke(boolean curved, double[] points) {}

  private static Stroke curve(double... points) {
    return new Stroke(true, points);
  }

  private static Stroke line(double... points) {
    return new Stroke(false, points);
  }

  private static Stroke[] style(Stroke... strokes) {
    return strokes;
  }

  private static final Stroke[][][] STYLES = {
    {
      style(
          curve(.5, .03, .22, .17, .1, .5, .22, .83, .5, .97, .78, .83, .9, .5, .78, .17, .5, .03)),
      style(
          curve(.62, .1, .35, .05, .15, .3, .15, .7, .4, .97, .75, .8, .88, .4, .7, .1, .45, .06)),
    },
    {
      style(line(.5, .03, .5, .97)),
      style(line(.28, .25, .54, .03, .54, .97)),
      style(line(.3, .22, .52, .03, .52, .97), line(.25, .97, .8, .97)),
    },
    {
      style(
          curve(.17, .25, .35, .05, .64, .05, .8, .25, .68, .5, .42, .74, .15, .95),
          line(.15, .95, .87, .95)),
      style(
          curve(
              .2, .2, .4, .04, .68, .08, .76, .3, .58, .62, .3, .93, .14, .88, .24, .73, .5, .86,
              .9, .93)),
    },
    {
      style(
          curve(.2, .13, .48, .03, .76, .18, .68, .4, .4, .47),
          curve(.4, .47, .72, .52, .84, .75, .6, .96, .17, .88)),
      style(
          line(.18, .05, .78, .05, .42, .42),
          curve(.42, .42, .75, .5, .82, .75, .58, .96, .18, .88)),
    },
    {
      style(line(.25, .05, .17, .55, .82, .55), line(.7, .15, .64, .97)),
      style(line(.66, .03, .12, .66, .9, .66), line(.66, .03, .66, .97)),
      style(curve(.24, .05, .18, .4, .4, .52, .72, .42), line(.76, .05, .68, .97)),
    },
    {
      style(
          line(.8, .05, .3, .05, .26, .43),
          curve(.26, .43, .56, .36, .82, .6, .72, .88, .42, .97, .15, .87)),
      style(curve(.8, .06, .45, .05, .27, .2, .4, .42, .7, .55, .78, .78, .5, .96, .18, .88)),
    },
    {
      style(
          curve(
              .7, .03, .38, .24, .17, .6, .28, .91, .6, .95, .82, .72, .6, .52, .32, .6, .2, .75)),
      style(
          line(.52, .03, .22, .6), curve(.22, .6, .24, .92, .6, .96, .8, .72, .52, .53, .24, .66)),
    },
    {
      style(line(.13, .06, .86, .06, .42, .97)),
      style(line(.13, .06, .86, .06, .42, .97), line(.36, .5, .8, .5)),
      style(line(.15, .22, .16, .06, .84, .06), curve(.84, .06, .6, .45, .5, .97)),
    },
    {
      style(
          curve(
              .5, .47, .22, .28, .3, .08, .5, .03, .7, .08, .78, .28, .5, .47, .2, .7, .28, .91, .5,
              .97, .72, .91, .8, .7, .5, .47)),
      style(
          curve(
              .78, .15, .5, .03, .24, .18, .46, .44, .76, .7, .56, .97, .22, .8, .46, .5, .74, .3,
              .76, .12)),
    },
    {
      style(
          curve(.78, .28, .58, .04, .28, .12, .2, .38, .44, .53, .7, .44, .78, .28),
          line(.78, .2, .74, .6, .62, .97)),
      style(
          curve(.74, .25, .5, .04, .22, .22, .36, .48, .64, .42, .76, .2),
          curve(.76, .2, .78, .6, .6, .95, .25, .88)),
    },
  };
}
