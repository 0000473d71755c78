import { SetupError } from '../lib/errors.mjs'
import { which } from '../lib/process.mjs'

/** The C++ compiler, or null. CXX names another than the usual ones. */
export const cxx = () => process.env.CXX || which('g++') || which('c++') || which('clang++')

/** The C compiler, or null. CC names another than the usual ones. */
export const cc = () => process.env.CC || which('gcc') || which('cc') || which('clang')

/** Fails unless C and C++ can be compiled. */
export async function needCompiler() {
  if (!cxx() || !cc())
    throw new SetupError(
      'No C++ compiler was found: type sudo apt-get install gcc g++ (on macOS: xcode-select --install), then npm run setup again.',
    )
}
