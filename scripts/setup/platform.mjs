import { SetupError } from '../lib/errors.mjs'

/** Fails where TensorFlow's library and the rest have not been put together. */
export function needSupportedPlatform(platform = process.platform, arch = process.arch, report = process.report) {
  if (platform !== 'linux' || arch !== 'x64')
    throw new SetupError(
      `Ablate runs on Linux on x86-64 so far, and this is ${platform} on ${arch}: use such a machine, a virtual one or a container.`,
    )
  // Node names its C library only when it is glibc; TensorFlow's library needs that one.
  report.excludeNetwork = true
  if (!report.getReport().header.glibcVersionRuntime)
    throw new SetupError(
      'Ablate needs a Linux with glibc (Debian, Ubuntu, Fedora and the like), and this one has another C library: use such a machine or a container.',
    )
}
