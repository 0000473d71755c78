import type { CheckpointRecord } from '../../../src-core/domain/checkpoint.ts'
import type { AnswerTo } from '../../../src-core/domain/inspection/answers.ts'
import type { Question, QuestionKind } from '../../../src-core/domain/inspection/questions.ts'
import type { NetworkQuestions } from './network-questions.ts'
import { Waiting } from './waiting.svelte.ts'

type QuestionOf<Kind extends QuestionKind> = Extract<Question, { kind: Kind }>

/** One question as it is put again and again, to other checkpoints or about other pictures; the last answer stays. */
export class Asked<Kind extends QuestionKind> {
  answer = $state.raw<AnswerTo<Kind> | null>(null)
  /** Step of the checkpoint that answered. */
  step = $state<number | null>(null)
  readonly waiting = new Waiting()
  private readonly questions: NetworkQuestions
  private readonly asker = crypto.randomUUID()
  private last: { readonly checkpoint: CheckpointRecord; readonly question: QuestionOf<Kind> } | null = null

  constructor(questions: NetworkQuestions) {
    this.questions = questions
  }

  async ask(checkpoint: CheckpointRecord, question: QuestionOf<Kind>): Promise<void> {
    this.last = { checkpoint, question }
    await this.waiting.run(async (isCurrent) => {
      const { step, answer } = await this.questions.ask(this.asker, checkpoint, question)
      if (!isCurrent()) return
      this.answer = answer as AnswerTo<Kind>
      this.step = step
    })
  }

  /** Whether this checkpoint was the last one that was asked. */
  wasAsked({ step, manifestSha256 }: CheckpointRecord): boolean {
    return this.last?.checkpoint.step === step && this.last.checkpoint.manifestSha256 === manifestSha256
  }

  /** Asks the last question again, after a failure. */
  again(): void {
    if (this.last) void this.ask(this.last.checkpoint, this.last.question)
  }

  cancel(): void {
    this.waiting.giveUp()
    this.questions.cancel(this.asker)
  }
}
