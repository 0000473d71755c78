interface Change {
  /** The section of the layout that was changed. */
  readonly section: string
  /** What was done, in words: “Hide a column”. */
  readonly what: string
  readonly at: number
  readonly undo: () => void
  readonly redo: () => void
}

const longestHistory = 200
/** Changes of the same kind that follow each other this fast are undone together, such as the steps of a drag. */
const togetherWithin = 800

/** Whether a section can be seen where the user is. */
export type IsShown = (section: string) => boolean

/** What was changed in the window, section by section, to be taken back and done again where it can be seen. */
export class UndoHistory {
  private done = $state.raw<readonly Change[]>([])
  private undone = $state.raw<readonly Change[]>([])

  /** What undo would take back anywhere, in words; null when there is nothing. */
  get undoable(): string | null {
    return this.done.at(-1)?.what ?? null
  }

  record({ undo, ...change }: Omit<Change, 'at'>): void {
    const last = this.done.findLast(({ section }) => section === change.section)
    const at = Date.now()
    const continues = last !== undefined && last.what === change.what && at - last.at < togetherWithin
    const others = continues ? this.done.filter((one) => one !== last) : this.done
    const whole = { ...change, undo: continues ? last.undo : undo, at }
    this.done = [...others, whole].slice(-longestHistory)
    this.undone = this.undone.filter(({ section }) => section !== change.section)
  }

  /** Takes back the last change of what is shown and says what it was; null when there is none. */
  undo(isShown: IsShown): string | null {
    const change = this.done.findLast(({ section }) => isShown(section))
    if (!change) return null
    this.done = this.done.filter((one) => one !== change)
    this.undone = [...this.undone, change]
    change.undo()
    return change.what
  }

  redo(isShown: IsShown): string | null {
    const change = this.undone.findLast(({ section }) => isShown(section))
    if (!change) return null
    this.undone = this.undone.filter((one) => one !== change)
    this.done = [...this.done, change]
    change.redo()
    return change.what
  }
}
