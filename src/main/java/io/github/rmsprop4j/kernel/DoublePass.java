package io.github.rmsprop4j.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;

/** {@link FloatPass} for doubles. */
final class DoublePass implements Pass {
  private static final int LANES = VectorMemory.DOUBLES.length();

  /** Null in the class as it is loaded by name. */
  private static final Form CONSTANT = SimdKernel.constantOf(MethodHandles.lookup());

  private static final int VIEWS = CONSTANT == null ? 0 : CONSTANT.views();

  private final Form given;

  DoublePass(Form form) {
    given = form;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    Form form = CONSTANT == null ? given : CONSTANT;
    double divisor = step.divisor();
    double l2 = step.parameterDecay().l2();
    double rateIn = step.rateIn();
    double rateOut = step.rateOut();
    double decay = step.decay();
    double oneMinusDecay = step.oneMinusDecay();
    double correction = step.correction();
    double epsilonInside = step.epsilonInside();
    double epsilonOutside = step.epsilonOutside();
    double momentum = step.momentum();
    double weightDecay = step.parameterDecay().weightDecay();
    int gAt = arrays.gAt;
    int vAt = arrays.vAt;
    int mAt = arrays.mAt;
    int bAt = arrays.bAt;
    int pAt = arrays.pAt;
    Object gMemory;
    Object vMemory;
    Object mMemory;
    Object bMemory;
    Object pMemory;
    int turns = VectorMemory.TURNS;
    do {
      int views = VIEWS; // g last, which one pass only reads
      vMemory = VectorMemory.of(arrays.v, views-- > 0);
      pMemory = form.changes() ? VectorMemory.of(arrays.p, views-- > 0) : null;
      bMemory = form.momentum() ? VectorMemory.of(arrays.b, views-- > 0) : null;
      mMemory = form.centered() ? VectorMemory.of(arrays.m, views-- > 0) : null;
      gMemory = VectorMemory.of(arrays.g, views > 0);
    } while (--turns > 0);
    for (int idle = arrays.idleTurns; idle > 0; idle--) {} // in the warm-up, see Operands
    for (int i = from; i < to; i += LANES) {
      int at = i * Double.BYTES;
      DoubleVector g = VectorMemory.doubles(gMemory, gAt + at);
      DoubleVector v = VectorMemory.doubles(vMemory, vAt + at);
      DoubleVector m = form.centered() ? VectorMemory.doubles(mMemory, mAt + at) : null;
      if (form.divides()) {
        g = g.div(divisor);
      } else if (form.scales()) {
        g = g.mul(1 / divisor);
      }
      DoubleVector p = form.readsParameters() ? VectorMemory.doubles(pMemory, pAt + at) : null;
      if (form.l2()) {
        DoubleVector factor = VectorMemory.doubles(l2);
        g = form.fusedDecay() ? p.fma(factor, g) : p.mul(factor).add(g);
      }
      if (form.handsOver()) {
        VectorMemory.put(g, gMemory, gAt + at);
      }
      if (form.movesMeans()) {
        DoubleVector decays = VectorMemory.doubles(decay);
        DoubleVector rests = VectorMemory.doubles(oneMinusDecay);
        DoubleVector square = g.mul(g);
        if (form.fused()) {
          v = v.fma(decays, square.mul(rests));
        } else if (form.difference()) {
          v = v.add(square.sub(v).mul(rests));
        } else {
          v = v.mul(decays).add(square.mul(rests));
        }
        VectorMemory.put(v, vMemory, vAt + at);
        if (form.centered()) {
          m = form.difference() ? m.add(g.sub(m).mul(rests)) : m.mul(decays).add(g.mul(rests));
          VectorMemory.put(m, mMemory, mAt + at);
        }
      }
      if (form.updates()) {
        DoubleVector d = form.corrected() ? v.mul(correction) : v;
        if (form.centered()) {
          m = form.corrected() ? m.mul(correction) : m;
          d = d.sub(m.mul(m)).max(0);
        }
        DoubleVector u = g.mul(rateIn).div(d.add(epsilonInside).sqrt().add(epsilonOutside));
        if (form.momentum()) {
          DoubleVector b = VectorMemory.doubles(bMemory, bAt + at).mul(momentum).add(u);
          VectorMemory.put(b, bMemory, bAt + at);
          u = (form.nesterov() ? b.mul(momentum).add(u) : b).mul(rateOut);
        }
        if (form.changes()) {
          p = form.readsParameters() ? p : VectorMemory.doubles(pMemory, pAt + at);
          if (form.weightDecay()) {
            DoubleVector factor = VectorMemory.doubles(weightDecay);
            u = form.fusedDecay() ? p.fma(factor, u) : p.mul(factor).add(u);
            if (form.decayTwice()) {
              u = form.fusedDecay() ? p.fma(factor, u) : p.mul(factor).add(u);
            }
          }
          VectorMemory.put(p.sub(u), pMemory, pAt + at);
        }
        if (form.keeps()) {
          VectorMemory.put(u, gMemory, gAt + at);
        }
      }
    }
  }
}
