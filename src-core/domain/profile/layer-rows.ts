import { learnedLayers, type Architecture, type LayerPlan } from '../network/architecture.ts'
import { stepMilliseconds, type StepProfile, type Times } from './step-profile.ts'

/** One layer of a profile with what its plan tells. */
export interface ProfileRow extends Times {
  readonly name: string
  readonly type: string
  /** Shape of its output without the batch axis; null for the loss, and for a layer that the plan does not know. */
  readonly output: readonly number[] | null
  /** Share of the whole step, 0 to 1, forward and backward together. */
  readonly share: number
  /** Billions of floating-point operations per second; null without multiply-accumulates, or where nothing was measured. */
  readonly forwardRate: number | null
  readonly backwardRate: number | null
}

/** The row of the loss. No layer is called so. */
export const lossRow = 'loss'

/** Two operations per multiply-accumulate. Operations per millisecond are a millionth of billions per second. */
function rate(multiplyAccumulates: number, milliseconds: number): number | null {
  return multiplyAccumulates > 0 && milliseconds > 0 ? (2 * multiplyAccumulates) / (milliseconds * 1e6) : null
}

/** Backward computes as much as forward twice: for the input and for the kernel. The first convolution leaves out the input. */
function backwardProducts(layer: LayerPlan, first: string | undefined): 1 | 2 {
  return layer.type === 'conv' && layer.name === first ? 1 : 2
}

/**
 * The layers of a profile in the order in which they compute, then the loss. Multiply-accumulates are those of the
 * architecture table, the bias of convolutions included.
 * @param batchSize images per step
 */
export function profileRows(profile: StepProfile, architecture: Architecture, batchSize: number): ProfileRow[] {
  const plans = new Map(architecture.layers.map((layer) => [layer.name, layer]))
  const [first] = learnedLayers(architecture)
  const step = stepMilliseconds(profile)
  const shareOf = ({ forward, backward }: Times): number => (step === 0 ? 0 : (forward + backward) / step)
  const rows = profile.layers.map((layer): ProfileRow => {
    const plan = plans.get(layer.name)
    const products = (plan?.macs ?? 0) * batchSize
    return {
      ...layer,
      output: plan?.output ?? null,
      share: shareOf(layer),
      forwardRate: rate(products, layer.forward),
      backwardRate: plan ? rate(products * backwardProducts(plan, first), layer.backward) : null,
    }
  })
  const loss = { name: lossRow, type: lossRow, output: null, forwardRate: null, backwardRate: null }
  return [...rows, { ...loss, ...profile.loss, share: shareOf(profile.loss) }]
}
