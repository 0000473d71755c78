/** The reading thread as a path: a bundle of its own. */
export { default as readerPath } from './reader-thread.ts?modulePath'
