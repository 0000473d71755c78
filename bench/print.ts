import { variants } from './peer-commands.ts'
import type { CaseResult } from './run-case.ts'
import type { PicturesResult } from './pictures/time-pictures.ts'
import type { OverheadResult } from './overhead/run-overhead.ts'

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}

function ratio({ medianMs }: CaseResult, peer: string): string {
  const [theirs, ours] = [medianMs[peer], medianMs['ablate']]
  return theirs && ours ? `${(theirs / ours).toFixed(2)}x` : '-'
}

const milliseconds = (value: number | null | undefined): string => `${value?.toFixed(1) ?? '-'} ms`

/** Peers with their ratios, then where the time of Ablate's step goes, the largest part first. */
export function printCase(name: string, result: CaseResult): void {
  print(`\n${name}, batch ${result.batch}`)
  for (const [peer, median] of Object.entries(result.medianMs)) {
    if (peer === 'matrixProduct' || peer in variants) continue
    const peak = result.peakMiB[peer]
    const facts = [milliseconds(median), `Ablate is ${ratio(result, peer)} as fast`]
    print(`  ${peer.padEnd(20)} ${facts.join(', ')}${peak ? `, ${Math.round(peak)} MiB` : ''}`)
  }
  print(`  of the matrix-product limit: ${result.limitFraction.toFixed(2)}`)
  for (const [peer, reason] of Object.entries(result.failures)) print(`  ${peer}: ${reason}`)
  if (result.profile) printProfile(result.profile)
}

function printProfile({ layers, loss, parts }: NonNullable<CaseResult['profile']>): void {
  print('  where the time goes, forward and backward:')
  for (const { name, forward, backward } of [...layers, { name: 'loss', ...loss }]) {
    print(`    ${name.padEnd(12)} ${forward.toFixed(1).padStart(8)} ${backward.toFixed(1).padStart(8)} ms`)
  }
  for (const [part, mean] of Object.entries(parts)) print(`    ${part.padEnd(12)} ${mean.toFixed(1).padStart(8)} ms`)
}

export function printThreads(name: string, medians: Readonly<Record<string, number>>): void {
  print(`\n${name}, by TensorFlow's threads`)
  for (const [count, median] of Object.entries(medians)) print(`  ${count.padEnd(20)} ${milliseconds(median)}`)
}

export function printPictures({ medianMs, importedPerSecond, ofMemory, failures }: PicturesResult): void {
  print('\nkeras-bn, 32 random crops of 227 pixels, half of them mirrored, out of JPEGs of 256 pixels, per step')
  print(`  from the disk        ${milliseconds(medianMs['folder'])}`)
  print(`  from memory          ${milliseconds(medianMs['memory'])}`)
  const shares = `${ofMemory.later.toFixed(3)}, in the first epoch with the import ${ofMemory.first.toFixed(3)}`
  print(`  speed of memory's    ${shares}; ${Math.round(importedPerSecond)} pictures imported per second`)
  for (const [way, reason] of Object.entries(failures)) print(`  ${way}: ${reason}`)
}

export function printOverhead({ medianMs, overhead, pausedCpu, failures }: OverheadResult): void {
  print('\nThe same run bare, recorded from the terminal, and in the open window, per step')
  for (const [way, median] of Object.entries(medianMs)) {
    const share = overhead[way]
    const more = share === null || share === undefined ? '-' : `${(100 * share).toFixed(1)} % more than bare`
    print(`  ${way.padEnd(20)} ${milliseconds(median)}, ${more}`)
  }
  if (pausedCpu !== null) print(`  paused, window open  ${(100 * pausedCpu).toFixed(1)} % of one core`)
  for (const [way, reason] of Object.entries(failures)) print(`  ${way}: ${reason}`)
}
