import { attribute, execute, tf, type Attribute, type Tensor } from '../backend.ts'
import { floatType } from './attributes.ts'
import { differentiable } from './differentiable.ts'

const plain = [floatType]

/** A nonlinearity whose gradient kernel reads the output, so that the input need not be kept. */
function fromOutput(forward: string, backward: (upstream: Tensor, output: Tensor) => Tensor, input: Tensor): Tensor {
  return differentiable([input], () => {
    const value = execute(forward, plain, [input])
    return { value, saved: [value], gradients: (upstream, [output]) => [backward(upstream, output!)] }
  })
}

/** max(x, 0). */
export function relu(input: Tensor): Tensor {
  return fromOutput('Relu', (upstream, output) => execute('ReluGrad', plain, [upstream, output]), input)
}

export function tanh(input: Tensor): Tensor {
  return fromOutput('Tanh', (upstream, output) => execute('TanhGrad', plain, [output, upstream]), input)
}

/** 1 / (1 + exp(-x)). */
export function sigmoid(input: Tensor): Tensor {
  return fromOutput('Sigmoid', (upstream, output) => execute('SigmoidGrad', plain, [output, upstream]), input)
}

/** x above 0, slope * x below (Maas, Hannun and Ng 2013). */
export function leakyRelu(input: Tensor, slope: number): Tensor {
  const attributes: Attribute[] = [floatType, attribute.float('alpha', slope)]
  return differentiable([input], () => ({
    value: execute('LeakyRelu', attributes, [input]),
    saved: [input],
    gradients: (upstream, [x]) => [execute('LeakyReluGrad', attributes, [upstream, x!])],
  }))
}

/** Phi(x) = (1 + erf(x / sqrt 2)) / 2, the distribution function of the standard normal. */
function normalDistribution(x: Tensor): Tensor {
  return tf.tidy(() =>
    execute('Erf', plain, [x.mul(Math.SQRT1_2)])
      .add(1)
      .mul(0.5),
  )
}

/** phi(x) = exp(-x^2 / 2) / sqrt(2 pi), its density. */
function normalDensity(x: Tensor): Tensor {
  return tf.tidy(() =>
    x
      .square()
      .mul(-0.5)
      .exp()
      .mul(1 / Math.sqrt(2 * Math.PI)),
  )
}

/**
 * x * Phi(x) with the error function, not its tanh approximation (Hendrycks and Gimpel 2016).
 * TensorFlow has no kernel for it; the derivative is Phi(x) + x * phi(x).
 */
export function gelu(input: Tensor): Tensor {
  return differentiable([input], () => {
    const distribution = normalDistribution(input)
    return {
      value: input.mul(distribution),
      saved: [input, distribution],
      gradients: (upstream, [x, phi]) => [tf.tidy(() => upstream.mul(normalDensity(x!).mul(x!).add(phi!)))],
    }
  })
}
