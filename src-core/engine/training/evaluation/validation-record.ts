import { higherIsBetter, type BestMetric } from '../../../domain/metrics.ts'
import { shouldStopEarly, type ValidationHistory } from '../../../domain/schedule/validation-history.ts'
import type { SelectionMetric, TrainingSpec } from '../../../domain/spec/training-spec.ts'
import type { Evaluation } from './evaluate.ts'

/** Where an evaluation was done. */
export interface EvaluationPlace {
  readonly step: number
  readonly epoch: number
}

const values: Record<SelectionMetric, (evaluation: Evaluation) => number> = {
  'validation/accuracy': ({ accuracy }) => accuracy,
  'validation/loss': ({ loss }) => loss,
  'validation/top5-error': ({ top5Error }) => top5Error,
}

function extended(history: ValidationHistory, { loss, accuracy, top5Error }: Evaluation, step: number) {
  // JSON has no infinity.
  return [...history, { step, loss: Number.isFinite(loss) ? loss : null, accuracy, top5Error }]
}

/** The results on the validation images so far, and what follows from them. */
export class ValidationRecord {
  private readonly training: TrainingSpec
  history: ValidationHistory
  best: BestMetric | null

  constructor(training: TrainingSpec, { history, best }: Pick<ValidationRecord, 'history' | 'best'>) {
    this.training = training
    this.history = history
    this.best = best
  }

  add(evaluation: Evaluation, { step, epoch }: EvaluationPlace): void {
    this.history = extended(this.history, evaluation, step)
    const { selection: metric } = this.training
    const value = values[metric](evaluation)
    if (Number.isFinite(value) && this.improves(value)) this.best = { metric, value, step, epoch }
  }

  private improves(value: number): boolean {
    if (this.best === null) return true
    return higherIsBetter(this.best.metric) ? value > this.best.value : value < this.best.value
  }

  /** Whether the run ends before its last step; with `next` when that were the next result. */
  endsRun(next: Evaluation | null = null): boolean {
    const history = next ? extended(this.history, next, 0) : this.history
    return shouldStopEarly(this.training.earlyStopping, history)
  }

  /** Why the run ended before its last step; null when it did not. */
  note(): string | null {
    if (!this.endsRun()) return null
    const { metric, patience } = this.training.earlyStopping
    const since = patience === 1 ? 'the last evaluation' : `the last ${patience} evaluations`
    return `Stopped early: ${metric} did not improve in ${since}.`
  }
}
