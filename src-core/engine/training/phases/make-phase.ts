import type { PhaseParts, PhaseTrainer } from './phase-trainer.ts'
import { PretrainingPhase } from './pretraining-phase.ts'
import { SupervisedPhase } from './supervised-phase.ts'

/** The trainer of a phase. Made when the phase begins: it takes over the memory of weights. */
export function makePhaseTrainer(parts: PhaseParts): PhaseTrainer {
  return parts.phase.kind === 'pretraining' ? new PretrainingPhase(parts) : new SupervisedPhase(parts)
}
