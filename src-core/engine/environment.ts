import { availableParallelism, cpus, totalmem } from 'node:os'
import packageJson from '../../package.json' with { type: 'json' }
import type { Environment } from '../domain/environment.ts'
import { tensorflowVersion, tf, usesGpu, usesOneDnn } from './backend.ts'
import { cpuFlags } from './cpu-flags.ts'
import { usesWinograd } from './kernels/convolution/winograd/preference.ts'

function kernelsInUse(): string {
  if (usesGpu) return 'CUDA'
  return [usesOneDnn ? 'oneDNN' : 'Eigen', ...(usesWinograd ? ['Winograd'] : [])].join(', ')
}

/** What decides a run's numbers beside its spec, read from the running process. */
export function describeEnvironment(): Environment {
  const cpu = cpus()[0]?.model.trim() || process.arch
  const runtime = process.versions['electron']
    ? `Electron ${process.versions['electron']}`
    : `Node ${process.versions.node}`
  return {
    ablate: packageJson.version,
    tensorflow: tensorflowVersion,
    tfjs: tf.version['tfjs'],
    runtime,
    device: usesGpu ? 'gpu' : 'cpu',
    deviceName: usesGpu ? 'CUDA GPU' : cpu,
    threads: Number(process.env['TF_NUM_INTRAOP_THREADS']) || availableParallelism(),
    cpu,
    cpuFlags: [...cpuFlags],
    kernels: kernelsInUse(),
    platform: `${process.platform} ${process.arch}`,
    totalMemoryMib: Math.round(totalmem() / 2 ** 20),
  }
}
