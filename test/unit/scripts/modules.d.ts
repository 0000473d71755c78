// What the tests use of set-up's modules, which are plain JavaScript.

declare module '*/scripts/lib/zip.mjs' {
  export class ZipError extends Error {}
  export function openZip(file: string): Promise<{
    readonly entries: readonly { readonly name: string; readonly size: number }[]
    close(): Promise<void>
  }>
  export function extractZip(file: string, folder: string, target: (name: string) => string | null): Promise<string[]>
  export function safeJoin(folder: string, name: string): string
}

declare module '*/scripts/lib/hash.mjs' {
  interface Pin {
    readonly algorithm: 'sha256' | 'sha512'
    readonly digest: string
    readonly encoding?: 'hex' | 'base64'
  }
  export function verifyFile(file: string, pin: Pin, what: string): Promise<void>
  export function fingerprint(values: readonly unknown[]): string
}

declare module '*/scripts/lib/errors.mjs' {
  export class SetupError extends Error {}
  export function fetchFailed(what: string, output: string, log: string): SetupError
}

declare module '*/scripts/lib/lock.mjs' {
  export function takeLock(file: string, onWait?: (owner: number) => void): Promise<() => void>
}

declare module '*/scripts/lib/reports.mjs' {
  interface Count {
    readonly passed: number
    readonly failed: number
  }
  export function countVitest(report: unknown, code: number): Count
  export function countPlaywright(report: unknown, code: number): Count
}

declare module '*/scripts/setup/compiler.mjs' {
  export function needCompiler(): Promise<void>
}

declare module '*/scripts/setup/platform.mjs' {
  export function needSupportedPlatform(platform?: string, arch?: string): void
}

declare module '*/scripts/setup/npm-packages.mjs' {
  interface Lock {
    readonly packages: Record<string, { readonly version?: string; readonly optional?: boolean }>
  }
  export function matchesLock(wanted: Lock, installed: Lock): boolean
}

declare module '*/scripts/setup/pins.mjs' {
  interface Wheel {
    readonly name: string
    readonly version: string
    readonly file: string
    readonly sha256: string
    readonly bytes: number
  }
  export const wheels: Record<'cpu' | 'gpu', readonly Wheel[]>
}

declare module '*/scripts/setup/sqlite.mjs' {
  export function needsOwnBuild(electron: string | undefined): boolean
  export function definesIn(gyp: string): string[]
}

declare module '*/scripts/setup/tensorflow.mjs' {
  export function tensorflowVariant(env: Record<string, string>, driverFound: () => boolean): 'cpu' | 'gpu'
  export function placeOf(name: string): string | null
}

declare module '*/scripts/setup/tool-node.mjs' {
  export function isNewEnough(version: string): boolean
}

declare module '*/scripts/setup/electron/stock.mjs' {
  export function placeOf(name: string): string | null
}
