import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from '../lib/errors.mjs'
import { workshop } from '../lib/paths.mjs'
import { which } from '../lib/process.mjs'
import { say } from '../lib/progress.mjs'
import { extractZip } from '../lib/zip.mjs'
import { tensorflowVersion, wheels } from './pins.mjs'
import { fetchWheel, needPip } from './wheels.mjs'

const DRIVER_FILES = [
  '/proc/driver/nvidia/version',
  '/usr/lib/x86_64-linux-gnu/libcuda.so.1',
  '/usr/lib64/libcuda.so.1',
  '/usr/lib/libcuda.so.1',
  '/usr/lib/wsl/lib/libcuda.so.1',
]

const HEADERS = /^tensorflow\/include\/(tensorflow\/(c|core\/platform)|tsl\/platform|xla\/tsl\/c)\/.*\.h$/
const LIBRARY = /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/
// TensorFlow finds these beside its own library, as in Python's site-packages; cuda_nvcc brings the assembler ptxas.
const CUDA = /^nvidia\/[^/]+\/(lib\/[^/]+\.so[^/]*|bin\/ptxas|nvvm\/.*)$/

/**
 * Which build of TensorFlow fits this machine; ABLATE_TENSORFLOW=cpu or gpu decides instead.
 * @returns {'cpu' | 'gpu'}
 */
export function tensorflowVariant(env = process.env, driverFound = hasNvidiaDriver) {
  const wish = env.ABLATE_TENSORFLOW
  if (wish === 'cpu' || wish === 'gpu') return wish
  if (wish) throw new SetupError(`ABLATE_TENSORFLOW is ${JSON.stringify(wish)}: set it to cpu or gpu, or leave it out.`)
  return driverFound() ? 'gpu' : 'cpu'
}

const hasNvidiaDriver = () => DRIVER_FILES.some((file) => existsSync(file)) || which('nvidia-smi') !== null

/**
 * The folder of a variant: lib/, include/, with CUDA nvidia/, and binding/.
 * @param {'cpu' | 'gpu'} variant
 */
export const tensorflowFolder = (variant) => path.join(workshop, 'tensorflow', `${tensorflowVersion}-${variant}`)

/**
 * Where a file of a wheel goes, or null if nobody needs it.
 * @param {string} name
 */
export function placeOf(name) {
  if (HEADERS.test(name)) return name.slice('tensorflow/'.length)
  if (CUDA.test(name) && !name.includes('.alt.so')) return name
  const library = LIBRARY.exec(name)
  return library ? `lib/${library[1]}` : null
}

/** TensorFlow's C library, out of the wheels that its project publishes. */
/** @type {import('./context.mjs').Step} */
export const tensorflow = {
  title: `TensorFlow ${tensorflowVersion}`,

  isReady(context) {
    const variant = tensorflowVariant()
    return existsSync(tensorflowFolder(variant)) && context.setup.tensorflow?.variant === variant
  },

  needs: needPip,

  async run(context) {
    const variant = tensorflowVariant()
    const folder = tensorflowFolder(variant)
    if (!existsSync(folder)) await unpack(context, variant, folder)
    context.record({ tensorflow: { variant, version: tensorflowVersion } })
  },
}

async function unpack(context, variant, folder) {
  const size = wheels[variant].reduce((sum, wheel) => sum + wheel.bytes, 0)
  say(`  fetching ${variant === 'gpu' ? 'the CUDA build' : 'the CPU build'}, ${Math.round(size / 1e6)} MB`)
  const files = []
  for (const wheel of wheels[variant]) files.push(await fetchWheel(context, wheel))
  say('  unpacking')
  const aside = context.scratch('tensorflow')
  for (const file of files) await extractZip(file, aside, placeOf)
  nameForLinker(path.join(aside, 'lib'))
  mkdirSync(path.dirname(folder), { recursive: true })
  renameSync(aside, folder)
  for (const file of files) rmSync(file)
}

function nameForLinker(lib) {
  const links = {
    'libtensorflow.so': 'libtensorflow_cc.so.2',
    'libtensorflow_framework.so': 'libtensorflow_framework.so.2',
  }
  for (const [name, target] of Object.entries(links)) {
    if (!existsSync(path.join(lib, target)))
      throw new SetupError(`The TensorFlow wheel does not hold ${target}: type npm run setup again.`)
    symlinkSync(target, path.join(lib, name))
  }
}
