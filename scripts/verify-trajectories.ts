import { readFileSync } from 'node:fs'
import { toWireError } from '../src-core/domain/errors.ts'
import { jsonNumber } from '../src-core/domain/metrics.ts'
import { differenceTo, replay } from './trajectories/replay.ts'
import { parseTrajectories, type Trajectory } from './trajectories/trajectory-file.ts'

/** Replays every case of a file of reference trajectories and prints how far the engine is from each. */
function verify(name: string, { config, expected }: Trajectory): Record<string, number | string> {
  try {
    const difference = Object.entries(differenceTo(expected, replay(config)))
    return Object.fromEntries(difference.map(([key, value]) => [key, jsonNumber(value)]))
  } catch (error) {
    throw new Error(`cases.${name}: ${toWireError(error).message}`, { cause: error })
  }
}

function main(path: string | undefined): void {
  if (path === undefined) throw new Error('Usage: npm run -s verify:trajectories -- FILE')
  const cases = Object.entries(parseTrajectories(readFileSync(path, 'utf8')))
  console.log(JSON.stringify({ cases: Object.fromEntries(cases.map(([name, one]) => [name, verify(name, one)])) }))
}

try {
  main(process.argv[2])
} catch (error) {
  console.error(toWireError(error).message)
  process.exitCode = 1
}
