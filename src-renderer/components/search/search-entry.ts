/** A line of a list that is searched. */
export interface SearchEntry {
  readonly key: string
  readonly title: string
  /** What stands at its end: keys, a state, where it leads. */
  readonly note: string
  /** The colour of the run that it is. */
  readonly color?: number
}

/** More lines than this are told as a number: nobody reads them, and ten thousand take a second to draw. */
export const mostEntries = 50
