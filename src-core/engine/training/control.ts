/** What the owner of a run may ask of it while it trains. */
export type ControlRequest = 'pause' | 'stop'

/** Asked between two steps and between two batches of an evaluation. */
export interface TrainingControl {
  requested(): ControlRequest | null
}
