import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import type { Classified } from '../../../src-core/domain/inspection/answers.ts'
import type { PictureSource } from '../../../src-core/domain/inspection/questions.ts'
import type { NetworkQuestions } from './network-questions.ts'
import { Waiting } from './waiting.svelte.ts'

export interface HistoryPoint {
  readonly step: number
  readonly classified: Classified
}

/** What each kept checkpoint says of one picture. */
export class PictureHistory {
  /** In the order of their steps; they come one by one. */
  points = $state.raw<readonly HistoryPoint[]>([])
  /** How many checkpoints are asked in all; null before the first time. */
  total = $state<number | null>(null)
  readonly waiting = new Waiting()
  private readonly questions: NetworkQuestions
  private readonly asker = crypto.randomUUID()

  constructor(questions: NetworkQuestions) {
    this.questions = questions
  }

  async ask(checkpoints: readonly CheckpointRecord[], picture: PictureSource): Promise<void> {
    const ordered = [...checkpoints].sort((a, b) => a.step - b.step)
    this.total = ordered.length
    await this.waiting.run(async (isCurrent) => {
      const points: HistoryPoint[] = []
      for (const checkpoint of ordered) {
        const { step, answer } = await this.questions.ask(this.asker, checkpoint, {
          kind: 'classify',
          pictures: [picture],
        })
        if (!isCurrent()) return
        // A checkpoint that was removed meanwhile is answered for by the one before it.
        if (!points.some((point) => point.step === step)) points.push({ step, classified: answer.pictures[0]! })
        this.points = [...points]
      }
      this.total = points.length
    })
  }

  cancel(): void {
    this.waiting.giveUp()
    this.questions.cancel(this.asker)
  }
}
