/** The trainer as a path: a bundle of its own that only a child process loads. */
// eslint-disable-next-line no-restricted-imports -- the bundler turns it into a file name; nothing is imported
export { default as trainerPath } from '../../src-trainer/index.ts?modulePath'
