import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { SetupError } from '../lib/errors.mjs'
import { fingerprint } from '../lib/hash.mjs'
import { isLinked, linkTo } from '../lib/links.mjs'
import { inProject, readJson, root, toolNode } from '../lib/paths.mjs'
import { capture } from '../lib/process.mjs'
import { say } from '../lib/progress.mjs'
import { cxx, needCompiler } from './compiler.mjs'
import { tensorflowFolder, tensorflowVariant } from './tensorflow.mjs'

const RECIPE = 1
const NODE_API = 8
const home = inProject('node_modules', '@tensorflow', 'tfjs-node-gpu')
const headers = inProject('node_modules', 'node-api-headers')
const moduleLink = path.join(home, 'lib', `napi-v${NODE_API}`)
const librariesLink = path.join(home, 'deps')

const inputs = (variant) =>
  fingerprint([
    RECIPE,
    variant,
    ...[home, headers].map((folder) => readJson(path.join(folder, 'package.json'))?.version),
  ])

const folderOf = (variant) => path.join(tensorflowFolder(variant), 'binding')
const fileOf = (variant) => path.join(folderOf(variant), 'tfjs_binding.node')

/** The module that connects tfjs-node with TensorFlow, compiled from the sources in its npm package. */
/** @type {import('./context.mjs').Step} */
export const binding = {
  title: 'TensorFlow binding',

  isReady(context) {
    const variant = tensorflowVariant()
    const built = context.stamps.binding === inputs(variant) && existsSync(fileOf(variant))
    return built && isLinked(moduleLink, folderOf(variant)) && isLinked(librariesLink, tensorflowFolder(variant))
  },

  needs: needCompiler,

  async run(context) {
    const variant = tensorflowVariant()
    linkTo(librariesLink, tensorflowFolder(variant))
    if (context.stamps.binding !== inputs(variant) || !existsSync(fileOf(variant))) await compile(context, variant)
    linkTo(moduleLink, folderOf(variant))
    await tryOut(context, variant)
    context.stamp('binding', inputs(variant))
  },
}

async function compile(context, variant) {
  say('  compiling')
  const result = path.join(context.scratch('binding'), 'tfjs_binding.node')
  const lib = path.join(tensorflowFolder(variant), 'lib')
  const { code, output } = await capture(cxx(), [
    ...['-shared', '-fPIC', '-O2', '-std=c++17', '-DNDEBUG', `-DNAPI_VERSION=${NODE_API}`],
    ...['-I', home, '-I', path.join(tensorflowFolder(variant), 'include'), '-I', path.join(headers, 'include')],
    ...['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(home, 'binding', name)),
    // Relative, so that the project can be moved; both ways in which a loader may name the module.
    ...[
      '-o',
      result,
      '-L',
      lib,
      '-Wl,-rpath,$ORIGIN/../lib:$ORIGIN/../../deps/lib',
      '-ltensorflow',
      '-ltensorflow_framework',
    ],
  ])
  const log = context.log('binding', output)
  if (code !== 0) throw new SetupError(`The TensorFlow binding could not be compiled: read ${log}.`)
  mkdirSync(folderOf(variant), { recursive: true })
  renameSync(result, fileOf(variant))
}

const TRIAL = `
  require('node:util').isNullOrUndefined ??= (value) => value == null
  const tf = require('@tensorflow/tfjs-node-gpu')
  const product = tf.matMul([[1, 2], [3, 4]], [[1], [1]]).dataSync()
  console.log('trial', tf.backend().binding.TF_Version, product.join(' '))`

async function tryOut(context, variant) {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '2' }
  const { output } = await capture(toolNode, ['--eval', TRIAL, '--input-type=commonjs'], { cwd: root, env })
  if (/^trial \S+ 3 7$/m.test(output)) return
  const log = context.log('binding-trial', output)
  rmSync(fileOf(variant), { force: true })
  throw new SetupError(
    /Illegal instruction/i.test(output)
      ? 'This processor lacks the instructions that TensorFlow is built with (AVX): use another machine.'
      : `TensorFlow was installed but does not run: read ${log}.`,
  )
}
