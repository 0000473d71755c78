import { readFileSync } from 'node:fs'

function readCpuFlags(): string[] {
  if (process.platform !== 'linux') return []
  const line = /^flags\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''
  return line.split(/\s+/).filter((flag) => /^(avx|amx|fma|sse4)/.test(flag))
}

/** What the processor can compute at once, in Linux' words; empty on other systems. Needs no TensorFlow. */
export const cpuFlags: readonly string[] = readCpuFlags()

/** Whether the processor multiplies in bfloat16 by itself. */
export const hasBfloat16: boolean = cpuFlags.some((flag) => flag === 'avx512_bf16' || flag === 'amx_bf16')
