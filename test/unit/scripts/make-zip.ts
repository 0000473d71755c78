import { crc32, deflateRawSync } from 'node:zlib'

export interface Packed {
  readonly name: string
  readonly content?: string | Buffer
  readonly stored?: boolean
  readonly mode?: number
  /** Numbers that the archive claims instead of the true ones. */
  readonly claims?: { readonly size?: number; readonly crc?: number; readonly method?: number; readonly flags?: number }
}

interface Layout {
  readonly zip64?: boolean
}

/** A small archive, honest unless told otherwise. */
export function makeZip(files: readonly Packed[], { zip64 = false }: Layout = {}): Buffer {
  const bodies: Buffer[] = []
  const records: Buffer[] = []
  let offset = 0
  for (const file of files) {
    const raw = Buffer.from(file.content ?? '')
    const packed = file.stored ? raw : deflateRawSync(raw)
    const facts = {
      method: file.claims?.method ?? (file.stored ? 0 : 8),
      flags: file.claims?.flags ?? 0,
      crc: file.claims?.crc ?? crc32(raw),
      size: file.claims?.size ?? raw.length,
      packedSize: packed.length,
      mode: file.mode ?? 0o644,
      offset,
    }
    const body = Buffer.concat([localHeader(file.name, facts), packed])
    records.push(centralRecord(file.name, facts, zip64))
    bodies.push(body)
    offset += body.length
  }
  const directory = Buffer.concat(records)
  return Buffer.concat([...bodies, directory, ending(files.length, directory.length, offset, zip64)])
}

interface Facts {
  readonly method: number
  readonly flags: number
  readonly crc: number
  readonly size: number
  readonly packedSize: number
  readonly mode: number
  readonly offset: number
}

function localHeader(name: string, facts: Facts): Buffer {
  const header = Buffer.alloc(30)
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(facts.method, 8)
  header.writeUInt32LE(facts.crc, 14)
  header.writeUInt32LE(facts.packedSize, 18)
  header.writeUInt32LE(facts.size, 22)
  header.writeUInt16LE(Buffer.byteLength(name), 26)
  return Buffer.concat([header, Buffer.from(name)])
}

function centralRecord(name: string, facts: Facts, zip64: boolean): Buffer {
  const record = Buffer.alloc(46)
  const extra = zip64 ? zip64Extra(facts) : Buffer.alloc(0)
  record.writeUInt32LE(0x02014b50, 0)
  record.writeUInt16LE(facts.flags, 8)
  record.writeUInt16LE(facts.method, 10)
  record.writeUInt32LE(facts.crc, 16)
  record.writeUInt32LE(zip64 ? 0xffffffff : facts.packedSize, 20)
  record.writeUInt32LE(zip64 ? 0xffffffff : facts.size, 24)
  record.writeUInt16LE(Buffer.byteLength(name), 28)
  record.writeUInt16LE(extra.length, 30)
  record.writeUInt32LE(((0o100000 | facts.mode) << 16) >>> 0, 38)
  record.writeUInt32LE(zip64 ? 0xffffffff : facts.offset, 42)
  return Buffer.concat([record, Buffer.from(name), extra])
}

function zip64Extra(facts: Facts): Buffer {
  const extra = Buffer.alloc(28)
  extra.writeUInt16LE(1, 0)
  extra.writeUInt16LE(24, 2)
  extra.writeBigUInt64LE(BigInt(facts.size), 4)
  extra.writeBigUInt64LE(BigInt(facts.packedSize), 12)
  extra.writeBigUInt64LE(BigInt(facts.offset), 20)
  return extra
}

function ending(count: number, size: number, offset: number, zip64: boolean): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(zip64 ? 0xffff : count, 10)
  end.writeUInt32LE(zip64 ? 0xffffffff : size, 12)
  end.writeUInt32LE(zip64 ? 0xffffffff : offset, 16)
  if (!zip64) return end
  const long = Buffer.alloc(56)
  long.writeUInt32LE(0x06064b50, 0)
  long.writeBigUInt64LE(BigInt(count), 32)
  long.writeBigUInt64LE(BigInt(size), 40)
  long.writeBigUInt64LE(BigInt(offset), 48)
  const locator = Buffer.alloc(20)
  locator.writeUInt32LE(0x07064b50, 0)
  locator.writeBigUInt64LE(BigInt(offset + size), 8)
  return Buffer.concat([long, locator, end])
}
