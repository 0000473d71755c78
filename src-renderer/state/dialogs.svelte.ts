export interface Question {
  readonly title: string
  readonly text: string
  /** The verb on the button that does it. */
  readonly confirm: string
  readonly destructive: boolean
  readonly run: () => void
}

export type OpenDialog = 'palette' | 'shortcuts'

/** The dialog over the views; at most one is open. */
export class Dialogs {
  open = $state<OpenDialog | null>(null)
  question = $state.raw<Question | null>(null)

  get anyOpen(): boolean {
    return this.open !== null || this.question !== null
  }

  ask(question: Question): void {
    this.question = question
  }

  answer(confirmed: boolean): void {
    const { question } = this
    this.question = null
    if (confirmed) question?.run()
  }
}
