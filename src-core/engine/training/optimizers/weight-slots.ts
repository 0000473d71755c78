import { isDeepStrictEqual } from 'node:util'
import { WorkbenchError } from '../../../domain/errors.ts'
import { emptyHandle, tf, type Tensor, type Variable } from '../../backend.ts'
import type { NamedTensor } from '../../files/tensor-file.ts'
import type { NamedWeight } from '../../models/build-model.ts'
import { InPlaceVariable } from './in-place-variable.ts'
import type { UpdateRule } from './update-rules.ts'

const countName = 'updates'

function zeros(shape: readonly number[]): InPlaceVariable {
  const values = tf.fill([...shape], 0)
  const slot = new InPlaceVariable(values)
  values.dispose()
  return slot
}

function checked(slots: ReadonlyMap<string, Tensor>, name: string, shape: readonly number[]): Tensor {
  const values = slots.get(name)
  if (values && isDeepStrictEqual(values.shape, [...shape])) return values
  const form = shape.length === 0 ? 'as one number' : `of shape ${shape.join('x')}`
  throw new WorkbenchError('checkpoint-damaged', `The checkpoint is damaged: it has no ${name} ${form}.`, { name })
}

/** One weight in memory that is updated in place, with what an update rule keeps for it. */
export class WeightSlots {
  readonly variable: Variable
  private readonly name: string
  private readonly rule: UpdateRule
  private readonly weight: InPlaceVariable
  private readonly slots: readonly InPlaceVariable[]
  private count = 0

  /** Takes over the memory of the weight until `dispose`. */
  constructor({ name, variable }: NamedWeight, rule: UpdateRule) {
    this.name = name
    this.variable = variable
    this.rule = rule
    this.weight = new InPlaceVariable(variable)
    const shared = this.weight.read()
    variable.assign(shared)
    shared.dispose()
    this.slots = rule.slots.map(() => zeros(variable.shape))
  }

  /** One update; the gradient stays the caller's. */
  update(gradient: Tensor, learningRate: number): void {
    this.count += 1
    const slots = this.slots.map(({ handle }) => handle)
    const { count } = this
    this.inPlace((weight) => this.rule.apply({ weight, slots, gradient, learningRate, count }))
  }

  /** Hands the weight's resource handle to `change`, with no tensor holding its memory meanwhile. */
  inPlace(change: (weight: Tensor) => void): void {
    tf.tidy(() => {
      // While the variable holds a handle on the memory, TensorFlow would copy it before updating.
      this.variable.assign(emptyHandle(this.variable.shape))
      try {
        change(this.weight.handle)
      } finally {
        this.variable.assign(this.weight.read())
      }
    })
  }

  tensors(): NamedTensor[] {
    const { shape } = this.variable
    const tensors = this.slots.map((slot, index): NamedTensor => {
      return { name: `${this.name}/${this.rule.slots[index]!}`, shape, read: () => slot.copyValues() }
    })
    if (!this.rule.countsUpdates) return tensors
    return [...tensors, { name: `${this.name}/${countName}`, shape: [], read: () => Float32Array.of(this.count) }]
  }

  /** @throws WorkbenchError `checkpoint-damaged` when one is missing or has another shape. */
  restore(values: ReadonlyMap<string, Tensor>): void {
    this.slots.forEach((slot, index) => {
      slot.write(checked(values, `${this.name}/${this.rule.slots[index]!}`, this.variable.shape))
    })
    if (this.rule.countsUpdates) this.count = checked(values, `${this.name}/${countName}`, []).dataSync()[0]!
  }

  dispose(): void {
    for (const owned of [this.weight, ...this.slots]) owned.dispose()
  }
}
