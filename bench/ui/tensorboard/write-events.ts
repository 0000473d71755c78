import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { crc32cTable } from './crc32c.ts'

/**
 * TensorBoard's event files: TFRecords of Event messages (tensorboard/compat/proto/event.proto), each with one scalar.
 * Written here because Python needs minutes for ten million of them.
 */

const flushAt = 1 << 22

/** A run's scalars for `writeEvents`. */
export interface EventRun {
  readonly name: string
  readonly tag: string
  readonly points: number
  value(step: number): number
}

/** Writes one event file into `folder`/name. */
export function writeEvents(folder: string, run: EventRun): void {
  const directory = join(folder, run.name)
  mkdirSync(directory, { recursive: true })
  const file = openSync(join(directory, 'events.out.tfevents.1700000000.bench'), 'w')
  const buffer = Buffer.alloc(flushAt + 1024)
  let used = appendRecord(buffer, 0, versionEvent())
  for (let step = 0; step < run.points; step++) {
    used = appendRecord(buffer, used, scalarEvent(run.tag, step, run.value(step)))
    if (used >= flushAt) used = flush(file, buffer, used)
  }
  flush(file, buffer, used)
  closeSync(file)
}

function flush(file: number, buffer: Buffer, used: number): number {
  writeSync(file, buffer, 0, used)
  return 0
}

function versionEvent(): Buffer {
  const version = Buffer.from('brain.Event:2')
  return Buffer.concat([wallTime(0), Buffer.from([0x1a, version.length]), version])
}

function scalarEvent(tag: string, step: number, value: number): Buffer {
  const name = Buffer.from(tag)
  const scalar = Buffer.alloc(5)
  scalar[0] = 0x15
  scalar.writeFloatLE(value, 1)
  const inner = Buffer.concat([Buffer.from([0x0a, name.length]), name, scalar])
  const summary = Buffer.concat([Buffer.from([0x0a, inner.length]), inner])
  return Buffer.concat([
    wallTime(step),
    Buffer.from([0x10, ...varint(step)]),
    Buffer.from([0x2a, summary.length]),
    summary,
  ])
}

function wallTime(step: number): Buffer {
  const field = Buffer.alloc(9)
  field[0] = 0x09
  field.writeDoubleLE(1_700_000_000 + step, 1)
  return field
}

function varint(value: number): number[] {
  const bytes: number[] = []
  while (value > 0x7f) {
    bytes.push((value & 0x7f) | 0x80)
    value = Math.floor(value / 128)
  }
  return [...bytes, value]
}

/** A TFRecord: length, its checksum, the data, its checksum; the checksums are masked CRC-32C. */
function appendRecord(buffer: Buffer, at: number, data: Buffer): number {
  buffer.writeBigUInt64LE(BigInt(data.length), at)
  buffer.writeUInt32LE(maskedChecksum(buffer, at, at + 8), at + 8)
  data.copy(buffer, at + 12)
  buffer.writeUInt32LE(maskedChecksum(buffer, at + 12, at + 12 + data.length), at + 12 + data.length)
  return at + 16 + data.length
}

function maskedChecksum(buffer: Buffer, from: number, to: number): number {
  let checksum = 0xffffffff
  for (let index = from; index < to; index++)
    checksum = crc32cTable[(checksum ^ buffer[index]!) & 0xff]! ^ (checksum >>> 8)
  checksum = (checksum ^ 0xffffffff) >>> 0
  return ((((checksum >>> 15) | (checksum << 17)) >>> 0) + 0xa282ead8) >>> 0
}
