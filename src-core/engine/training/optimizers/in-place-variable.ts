import { attribute, execute, executeMany, types, type Tensor } from '../../backend.ts'

const dtype = attribute.type('dtype', types.float32)
let created = 0

/**
 * Values in a TensorFlow resource variable, which an optimizer's kernel updates in place. TensorFlow copies the
 * values first when a tensor from `read` is still alive: dispose of it before updating.
 */
export class InPlaceVariable {
  /** First input of the `ResourceApply...` operations. */
  readonly handle: Tensor

  constructor(initial: Tensor) {
    const sharedName = `ablate/${process.pid}/${created++}`
    const attributes = [
      dtype,
      attribute.shape('shape', initial.shape),
      attribute.text('container', ''),
      attribute.text('shared_name', sharedName),
    ]
    this.handle = execute('VarHandleOp', attributes, [])
    this.write(initial)
  }

  /** The present values, sharing the variable's memory. */
  read(): Tensor {
    return execute('ReadVariableOp', [dtype], [this.handle])
  }

  /** A copy of the present values. Not in a tidy: tfjs would look for tensors in each of 37 million numbers. */
  copyValues(): Float32Array {
    const values = this.read()
    try {
      return values.dataSync<'float32'>()
    } finally {
      values.dispose()
    }
  }

  write(values: Tensor): void {
    executeMany('AssignVariableOp', [dtype], [this.handle, values], 0)
  }

  dispose(): void {
    executeMany('DestroyResourceOp', [], [this.handle], 0)
    this.handle.dispose()
  }
}
