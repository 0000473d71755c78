import { readFileSync } from 'node:fs'
import { toWireError } from '../src-core/domain/errors.ts'
import { jsonNumber } from '../src-core/domain/metrics.ts'
import { differenceTo, replay } from './trajectories/replay.ts'
import { casesOf, parseCase, type Trajectory } from './trajectories/trajectory-file.ts'

type Differences = Record<string, number | string>

function verify({ config, expected }: Trajectory): Differences {
  const difference = Object.entries(differenceTo(expected, replay(config)))
  return Object.fromEntries(difference.map(([key, value]) => [key, jsonNumber(value)]))
}

/** A case that cannot be replayed is named on stderr and makes the exit status 1; the others are printed. */
function verifyOrReport(name: string, value: unknown): [string, Differences][] {
  try {
    return [[name, verify(parseCase(name, value))]]
  } catch (error) {
    const { message } = toWireError(error)
    console.error(message.startsWith('cases.') ? message : `cases.${name}: ${message}`)
    process.exitCode = 1
    return []
  }
}

/** Replays every case of a file of reference trajectories and prints how far the engine is from each. */
function main(path: string | undefined): void {
  if (path === undefined) throw new Error('Usage: npm run -s verify:trajectories -- FILE')
  const cases = Object.entries(casesOf(readFileSync(path, 'utf8')))
  const results = cases.flatMap(([name, value]) => verifyOrReport(name, value))
  if (results.length > 0) console.log(JSON.stringify({ cases: Object.fromEntries(results) }))
}

try {
  main(process.argv[2])
} catch (error) {
  console.error(toWireError(error).message)
  process.exitCode = 1
}
