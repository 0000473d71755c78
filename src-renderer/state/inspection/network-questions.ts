import type { Client } from '../../../src-core/contract/client.ts'
import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import type { AnswerTo } from '../../../src-core/domain/inspection/answers.ts'
import type { Question, QuestionKind } from '../../../src-core/domain/inspection/questions.ts'

/** The feature maps of one picture are some hundred kilobytes; those looked at longest ago are forgotten. */
const mostAnswers = 150

export interface Answered<Kind extends QuestionKind> {
  /** Of the checkpoint that answered. */
  readonly step: number
  readonly answer: AnswerTo<Kind>
}

/** Asks the checkpoints of one run. A checkpoint never changes, so each question is asked of it once. */
export class NetworkQuestions {
  private readonly answers = new Map<string, Answered<QuestionKind>>()
  /** The bytes of a picture are told apart by being the same array: comparing them would cost more than asking. */
  private readonly pictures = new WeakMap<Uint8Array, number>()
  private readonly client: Client
  private readonly runId: string
  private seen = 0

  constructor(client: Client, runId: string) {
    this.client = client
    this.runId = runId
  }

  /** @throws WorkbenchError as the procedure `inspection.ask`. */
  async ask<Asked extends Question>(
    asker: string,
    checkpoint: CheckpointRecord,
    question: Asked,
  ): Promise<Answered<Asked['kind']>> {
    const key = `${checkpoint.step} ${checkpoint.manifestSha256} ${this.keyOf(question)}`
    const known = this.answers.get(key)
    if (known) return known as Answered<Asked['kind']>
    const { runId } = this
    const answered = await this.client.call('inspection.ask', { asker, runId, step: checkpoint.step, question })
    // The checkpoint may have been removed meanwhile; then the one before it answered.
    if (answered.step === checkpoint.step) this.keep(key, answered as Answered<QuestionKind>)
    return answered as Answered<Asked['kind']>
  }

  /** Gives up the questions of an asker. */
  cancel(asker: string): void {
    void this.client.call('inspection.cancel', { asker }).catch(() => undefined)
  }

  private keep(key: string, answered: Answered<QuestionKind>): void {
    this.answers.set(key, answered)
    if (this.answers.size > mostAnswers) this.answers.delete(this.answers.keys().next().value!)
  }

  private keyOf(question: Question): string {
    return JSON.stringify(question, (_, value: unknown) => (value instanceof Uint8Array ? this.numberOf(value) : value))
  }

  private numberOf(bytes: Uint8Array): number {
    const known = this.pictures.get(bytes)
    if (known !== undefined) return known
    this.pictures.set(bytes, ++this.seen)
    return this.seen
  }
}
