/** The trainer and the threads that make its batches as paths: bundles of their own that only a child process loads. */
// eslint-disable-next-line no-restricted-imports -- the bundler turns it into a file name; nothing is imported
export { default as trainerPath } from '../../src-trainer/index.ts?modulePath'
// eslint-disable-next-line no-restricted-imports -- the bundler turns it into a file name; nothing is imported
export { default as batchWorkerPath } from '../../src-core/engine/data/prefetch/batch-worker.ts?modulePath'
