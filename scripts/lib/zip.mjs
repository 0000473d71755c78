import { createWriteStream } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import path from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import zlib from 'node:zlib'

const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_SIZE = 22
const LONGEST_COMMENT = 0xffff
const UNKNOWN32 = 0xffffffff
const UNKNOWN16 = 0xffff
const STORED = 0
const DEFLATED = 8

/**
 * @typedef {{ name: string, size: number, packedSize: number, crc: number, method: number, offset: number, mode: number, encrypted: boolean }} Entry
 */

/** An archive that is damaged, or that holds what an honest one would not. */
export class ZipError extends Error {
  name = 'ZipError'
}

/**
 * Opens an archive and reads its list of contents; entries are read when asked for.
 * @param {string} file
 */
export async function openZip(file) {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    const directory = await findDirectory(handle, size)
    const entries = parseDirectory(await readAt(handle, directory.offset, directory.size), directory.count)
    return { entries, extract: (entry, target) => extract(handle, size, entry, target), close: () => handle.close() }
  } catch (error) {
    await handle.close()
    throw error
  }
}

/**
 * Extracts the entries that `target` names a place for.
 * @param {string} file the archive
 * @param {string} folder nothing is written outside of it
 * @param {(name: string) => string | null} target place inside the folder for an entry's name; null skips it
 * @returns {Promise<string[]>} the places that were written
 */
export async function extractZip(file, folder, target) {
  const zip = await openZip(file)
  try {
    const written = []
    for (const entry of zip.entries) {
      const name = entry.name.endsWith('/') ? null : target(entry.name)
      if (name === null) continue
      await zip.extract(entry, safeJoin(folder, name))
      written.push(name)
    }
    return written
  } finally {
    await zip.close()
  }
}

/**
 * Joins a folder and a name out of an archive; a name that would leave the folder is refused.
 * @param {string} folder
 * @param {string} name
 */
export function safeJoin(folder, name) {
  const parts = name.split('/')
  const bad = name === '' || name.startsWith('/') || /[\\\0]|^[A-Za-z]:/.test(name) || parts.includes('..')
  if (bad) throw new ZipError(`the archive holds a name that leads out of its folder: ${JSON.stringify(name)}`)
  return path.join(folder, ...parts)
}

async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length)
  const { bytesRead } = await handle.read(buffer, 0, length, position)
  if (bytesRead !== length) throw new ZipError('the archive ends too early')
  return buffer
}

async function findDirectory(handle, fileSize) {
  const length = Math.min(fileSize, END_SIZE + LONGEST_COMMENT)
  const tail = await readAt(handle, fileSize - length, length)
  let at = length - END_SIZE
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--
  if (at < 0) throw new ZipError('this is no zip archive, or it ends too early')
  const short = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  }
  const long = short.count === UNKNOWN16 || short.size === UNKNOWN32 || short.offset === UNKNOWN32
  const directory = long ? await findDirectory64(handle, fileSize - length + at) : short
  if (directory.offset + directory.size > fileSize) throw new ZipError('the archive ends too early')
  return directory
}

async function findDirectory64(handle, endPosition) {
  const locator = await readAt(handle, Math.max(0, endPosition - 20), 20)
  if (locator.readUInt32LE(0) !== LOCATOR64) throw new ZipError('the archive has no zip64 locator')
  const end = await readAt(handle, toNumber(locator.readBigUInt64LE(8)), 56)
  if (end.readUInt32LE(0) !== END64) throw new ZipError('the archive has no zip64 directory')
  return {
    count: toNumber(end.readBigUInt64LE(32)),
    size: toNumber(end.readBigUInt64LE(40)),
    offset: toNumber(end.readBigUInt64LE(48)),
  }
}

function toNumber(value) {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipError('the archive holds an impossible number')
  return Number(value)
}

function parseDirectory(buffer, count) {
  /** @type {Entry[]} */
  const entries = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (at + 46 > buffer.length || buffer.readUInt32LE(at) !== CENTRAL)
      throw new ZipError('the archive has a damaged list of contents')
    const lengths = [28, 30, 32].map((field) => buffer.readUInt16LE(at + field))
    const end = at + 46 + lengths[0] + lengths[1] + lengths[2]
    if (end > buffer.length) throw new ZipError('the archive has a damaged list of contents')
    entries.push(parseEntry(buffer.subarray(at, end), lengths[0], lengths[1]))
    at = end
  }
  return entries
}

function parseEntry(record, nameLength, extraLength) {
  const entry = {
    name: record.toString('utf8', 46, 46 + nameLength),
    encrypted: (record.readUInt16LE(8) & 1) === 1,
    method: record.readUInt16LE(10),
    crc: record.readUInt32LE(16),
    packedSize: record.readUInt32LE(20),
    size: record.readUInt32LE(24),
    mode: record.readUInt32LE(38) >>> 16,
    offset: record.readUInt32LE(42),
  }
  applyZip64(entry, record.subarray(46 + nameLength, 46 + nameLength + extraLength))
  return entry
}

/** Numbers that do not fit their 32 bits lie in an extra field, in this order, and only those that do not fit. */
function applyZip64(entry, extra) {
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) !== 1) continue
    let field = at + 4
    for (const key of ['size', 'packedSize', 'offset']) {
      if (entry[key] !== UNKNOWN32) continue
      if (field + 8 > extra.length) throw new ZipError('the archive has a damaged zip64 field')
      entry[key] = toNumber(extra.readBigUInt64LE(field))
      field += 8
    }
  }
}

async function extract(handle, fileSize, entry, target) {
  if (entry.encrypted) throw new ZipError(`${entry.name} is encrypted`)
  if (entry.method !== STORED && entry.method !== DEFLATED)
    throw new ZipError(`${entry.name} is packed in an unknown way`)
  const local = await readAt(handle, entry.offset, 30)
  if (local.readUInt32LE(0) !== LOCAL) throw new ZipError(`${entry.name} is not where the archive says`)
  const start = entry.offset + 30 + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (start + entry.packedSize > fileSize) throw new ZipError(`${entry.name} ends too early`)
  await mkdir(path.dirname(target), { recursive: true })
  const packed = readRange(handle, start, entry.packedSize)
  const mode = (entry.mode & 0o111) === 0 ? 0o644 : 0o755
  const stages = [packed, ...(entry.method === DEFLATED ? [zlib.createInflateRaw()] : []), check(entry)]
  try {
    await pipeline([...stages, createWriteStream(target, { mode })])
  } catch (error) {
    if (error.code?.startsWith?.('Z_')) throw new ZipError(`${entry.name} is damaged (${error.message})`)
    throw error
  }
}

async function* readRange(handle, start, length) {
  const CHUNK = 1 << 20
  for (let at = 0; at < length; at += CHUNK) yield readAt(handle, start + at, Math.min(CHUNK, length - at))
}

/** Passes an entry's bytes on and fails when there are too many or too few, or not the ones that were packed. */
function check(entry) {
  let crc = 0
  let size = 0
  return new Transform({
    transform(chunk, _encoding, done) {
      crc = crc32(chunk, crc)
      size += chunk.length
      done(size > entry.size ? new ZipError(`${entry.name} is larger than the archive says`) : null, chunk)
    },
    flush(done) {
      const ok = size === entry.size && crc === entry.crc
      done(ok ? null : new ZipError(`${entry.name} is damaged`))
    },
  })
}

const table = Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? (n >>> 1) ^ 0xedb88320 : n >>> 1
  return n >>> 0
})

/** zlib.crc32 came with Node 20.15. */
const crc32 =
  zlib.crc32 ??
  ((bytes, start) => {
    let crc = ~start
    for (const byte of bytes) crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8)
    return ~crc >>> 0
  })
