import { budgetKinds, type Budget, type BudgetKind } from '../../src-core/domain/comparison/budget.ts'
import { WorkbenchError } from '../../src-core/domain/errors.ts'

const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 }

function valueOf(kind: BudgetKind, text: string): number {
  if (kind !== 'time') return Number(text.replaceAll(',', ''))
  const parts = /^([\d.]+(?:e[-+]?\d+)?)\s*(ms|s|min|h)$/i.exec(text)
  return parts ? Number(parts[1]) * milliseconds[parts[2]!.toLowerCase()]! : NaN
}

/**
 * Reads `--budget`: `steps=500`, `epochs=3`, `images=64000`, `time=90s` (or ms, min, h), `macs=1e12`.
 * @throws WorkbenchError `usage`.
 */
export function parseBudget(text: string): Budget {
  const [kind, value = ''] = text.split('=').map((part) => part.trim())
  const known = budgetKinds.find((one) => one === kind)
  const number = known && value !== '' ? valueOf(known, value) : NaN
  if (known && Number.isFinite(number) && number > 0) return { kind: known, value: number }
  throw new WorkbenchError(
    'usage',
    `--budget must be steps=500, epochs=3, images=64000, time=90s (ms, s, min, h) or macs=1e12, but got "${text}".`,
  )
}
