package io.github.rmsprop4j.kernel;

import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The step over floats in whole vectors, straight on off-heap memory.
 *
 * <p>The form is a constant to C2, which then never sees the other forms' branches: {@link
 * SimdKernel} makes a hidden class of this class file for each form in use. With the form as a
 * variable, a JVM that uses several passes the limits of C2's inlining, allocates vectors, and
 * takes three to six times as long.
 */
final class FloatPass implements Pass {
  private static final int LANES = VectorMemory.FLOATS.length();

  /** Null in the class as it is loaded by name. */
  private static final Form CONSTANT = SimdKernel.constantOf(MethodHandles.lookup());

  private static final int VIEWS = CONSTANT == null ? 0 : CONSTANT.views();

  private final Form given;

  FloatPass(Form form) {
    given = form;
  }

  @Override
  public void run(Step step, Operands arrays, int from, int to) {
    Form form = CONSTANT == null ? given : CONSTANT;
    float divisor = (float) step.divisor();
    float l2 = (float) step.parameterDecay().l2();
    float rateIn = (float) step.rateIn();
    float rateOut = (float) step.rateOut();
    float decay = (float) step.decay();
    float oneMinusDecay = step.floatOneMinusDecay();
    float correction = (float) step.correction();
    float epsilonInside = (float) step.epsilonInside();
    float epsilonOutside = (float) step.epsilonOutside();
    float momentum = (float) step.momentum();
    float weightDecay = (float) step.parameterDecay().weightDecay();
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
      int at = i * Float.BYTES;
      FloatVector g = VectorMemory.floats(gMemory, gAt + at);
      FloatVector v = VectorMemory.floats(vMemory, vAt + at);
      FloatVector m = form.centered() ? VectorMemory.floats(mMemory, mAt + at) : null;
      if (form.divides()) {
        g = g.div(divisor);
      } else if (form.scales()) {
        g = g.mul(1 / divisor);
      }
      FloatVector p = form.readsParameters() ? VectorMemory.floats(pMemory, pAt + at) : null;
      if (form.l2()) {
        FloatVector factor = VectorMemory.floats(l2);
        g = form.fusedDecay() ? p.fma(factor, g) : p.mul(factor).add(g);
      }
      if (form.handsOver()) {
        VectorMemory.put(g, gMemory, gAt + at);
      }
      VectorMask<Float> dead = null;
      FloatVector decayed = null;
      if (form.setsAside()) {
        dead = SubnormalVectors.dead(g, v);
        decayed = form.movesMeans() ? SubnormalVectors.decayed(v, decay) : null;
        v = v.blend(SubnormalVectors.ZERO, dead);
      }
      if (form.movesMeans()) {
        FloatVector decays = VectorMemory.floats(decay);
        FloatVector rests = VectorMemory.floats(oneMinusDecay);
        FloatVector square = g.mul(g);
        if (form.fused()) {
          v = v.fma(decays, square.mul(rests));
        } else if (form.difference()) {
          v = v.add(square.sub(v).mul(rests));
        } else {
          v = v.mul(decays).add(square.mul(rests));
        }
        VectorMemory.put(dead == null ? v : v.blend(decayed, dead), vMemory, vAt + at);
        if (form.centered()) {
          m = form.difference() ? m.add(g.sub(m).mul(rests)) : m.mul(decays).add(g.mul(rests));
          VectorMemory.put(m, mMemory, mAt + at);
        }
      }
      if (form.updates()) {
        FloatVector d = form.corrected() ? v.mul(correction) : v;
        if (form.centered()) {
          m = form.corrected() ? m.mul(correction) : m;
          d = d.sub(m.mul(m)).max(0);
        }
        FloatVector u = g.mul(rateIn).div(d.add(epsilonInside).sqrt().add(epsilonOutside));
        if (form.momentum()) {
          FloatVector b = VectorMemory.floats(bMemory, bAt + at).mul(momentum).add(u);
          VectorMemory.put(b, bMemory, bAt + at);
          u = (form.nesterov() ? b.mul(momentum).add(u) : b).mul(rateOut);
        }
        if (form.changes()) {
          p = form.readsParameters() ? p : VectorMemory.floats(pMemory, pAt + at);
          if (form.weightDecay()) {
            FloatVector factor = VectorMemory.floats(weightDecay);
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
