import { expect } from 'vitest'
import { tf, type Tensor } from '../../../src-core/engine/backend.ts'

type Operation = (...inputs: Tensor[]) => Tensor

/** Fixed numbers without a pattern, in -1..1. */
export function fixedValues(shape: number[], phase = 0): Tensor {
  const size = shape.reduce((product, side) => product * side, 1)
  return tf.tensor(
    Float32Array.from({ length: size }, (_, i) => Math.sin(12.9898 * (i + 1) + phase * 78.233)),
    shape,
  )
}

function maxDifference(a: Tensor, b: Tensor): number {
  return tf.tidy(() => a.sub(b).abs().max().dataSync()[0]!)
}

/** A weighted sum, so that every output has a gradient of its own. */
function scalarOf(operation: Operation): Operation {
  return (...inputs) => {
    const output = operation(...inputs)
    return output.mul(fixedValues(output.shape, 3)).sum()
  }
}

/** Values and gradients of the fused operation equal those of the slow composition, and no tensor is left over. */
export function expectSameAs(fused: Operation, composed: Operation, inputs: Tensor[], tolerance = 1e-4): void {
  const before = tf.memory().numTensors
  tf.tidy(() => {
    expect(maxDifference(fused(...inputs), composed(...inputs))).toBeLessThan(tolerance)
    const ours = tf.grads(scalarOf(fused))(inputs)
    const theirs = tf.grads(scalarOf(composed))(inputs)
    ours.forEach((gradient, i) => {
      expect(gradient.shape).toEqual(inputs[i]!.shape)
      expect(maxDifference(gradient, theirs[i]!)).toBeLessThan(tolerance)
    })
  })
  expect(tf.memory().numTensors).toBe(before)
}

/** Gradients equal central differences of the values, element by element. */
export function expectDifferentiates(operation: Operation, inputs: Tensor[], tolerance = 2e-2, step = 1e-2): void {
  const scalar = scalarOf(operation)
  tf.tidy(() => {
    const gradients = tf.grads(scalar)(inputs)
    inputs.forEach((input, which) => {
      const values = input.dataSync()
      const gradient = gradients[which]!.dataSync()
      for (let i = 0; i < values.length; i++) {
        const at = (shift: number): number =>
          tf.tidy(() => {
            const moved = Float32Array.from(values)
            moved[i]! += shift
            const shifted = inputs.map((other, j) => (j === which ? tf.tensor(moved, input.shape) : other))
            return scalar(...shifted).dataSync()[0]!
          })
        const numeric = (at(step) - at(-step)) / (2 * step)
        expect(Math.abs(numeric - gradient[i]!), `input ${which}, element ${i}`).toBeLessThan(tolerance)
      }
    })
  })
}
