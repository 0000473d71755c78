import { describe, expect, it } from 'vitest'
import { tf, type Tensor } from '../../../../src-core/engine/backend.ts'
import { relu } from '../../../../src-core/engine/kernels/activations.ts'
import { differentiable } from '../../../../src-core/engine/kernels/differentiable.ts'
import { measured, StepProfiler } from '../../../../src-core/engine/profile/step-profiler.ts'

const noParts = { data: 0, update: 0, results: 0, checks: 0, logging: 0, other: 0 }

/** A clock that moves when it is told to, and an operation that moves it by so much forward and backward. */
function setUp() {
  let time = 0
  const pass = (milliseconds: number): void => void (time += milliseconds)
  const operation = (input: Tensor, forward: number, backward: number): Tensor =>
    differentiable([input], () => {
      pass(forward)
      const gradients = (upstream: Tensor): Tensor[] => {
        pass(backward)
        return [upstream.clone()]
      }
      return { value: input.clone(), saved: [], gradients }
    })
  return { profiler: new StepProfiler(() => time), pass, operation }
}

describe('a step profiler', () => {
  it('charges the gradient functions of operations to the layer in which they were called', () => {
    const { profiler, pass, operation } = setUp()
    const [a, b] = ['a', 'b'].map((name) => ({ name, type: 'conv' })) as [{ name: string; type: string }, never]
    profiler.beginStep()
    tf.tidy(() => {
      tf.grad((input) => {
        const first = profiler.layer(a, () => operation(operation(input, 1, 10), 2, 20))
        pass(1000)
        const second = profiler.layer(b, () => operation(first, 4, 40))
        return profiler.lossOf(() => operation(second, 8, 80).sum())
      })(tf.ones([2]))
    })
    profiler.endStep()
    expect(profiler.take(1)).toEqual({
      layers: [
        { name: 'a', type: 'conv', forward: 3, backward: 30 },
        { name: 'b', type: 'conv', forward: 4, backward: 40 },
      ],
      loss: { forward: 8, backward: 80 },
      parts: { ...noParts, other: 1000 },
      evaluation: 0,
      checkpoint: 0,
    })
  })

  it('leaves operations outside of its layers alone, also when a layer has failed', () => {
    const { profiler, operation } = setUp()
    const fail = (): never => {
      throw new Error('a kernel failed')
    }
    expect(() => profiler.layer({ name: 'a', type: 'conv' }, fail)).toThrow('a kernel failed')
    tf.tidy(() => tf.grad((input) => operation(input, 1, 10).sum())(tf.ones([2])))
    expect(profiler.take(1).layers).toEqual([{ name: 'a', type: 'conv', forward: 0, backward: 0 }])
  })

  it('takes means over the steps and begins anew; what happens beside the steps is neither divided nor part of them', async () => {
    const { profiler, pass } = setUp()
    for (const factor of [1, 3]) {
      profiler.beginStep()
      measured(profiler, 'data', () => pass(2 * factor))
      measured(profiler, 'update', () => pass(4 * factor))
      await profiler.aside('evaluation', async () => pass(100))
      pass(factor)
      profiler.endStep()
      pass(7)
      await profiler.aside('checkpoint', async () => pass(50))
    }
    const { parts, evaluation, checkpoint } = profiler.take(2)
    expect(parts).toEqual({ ...noParts, data: 4, update: 8, other: 2 })
    expect([evaluation, checkpoint]).toEqual([200, 100])
    expect(profiler.take(1)).toEqual({
      layers: [],
      loss: { forward: 0, backward: 0 },
      parts: noParts,
      evaluation: 0,
      checkpoint: 0,
    })
  })

  it('waits for the device at both ends of what it measures when it is told how', () => {
    let [time, queued] = [0, 0]
    const waitForDevice = (): void => {
      time += queued
      queued = 0
    }
    const profiler = new StepProfiler(() => time, waitForDevice)
    profiler.beginStep()
    queued = 5
    profiler.layer({ name: 'a', type: 'conv' }, () => (queued = 30))
    profiler.endStep()
    const { layers, parts } = profiler.take(1)
    expect([layers[0]!.forward, parts.other]).toEqual([30, 5])
  })

  it('is not needed: without one the work is done alike', () => {
    expect(measured(null, 'data', () => 7)).toBe(7)
    const before = tf.memory().numTensors
    const gradient = tf.tidy(() =>
      tf
        .grad((input) => relu(input).sum())(tf.tensor1d([-1, 2]))
        .dataSync(),
    )
    expect([...gradient, tf.memory().numTensors]).toEqual([0, 1, before])
  })
})
