import type { Transport } from '../src-core/contract/transport.ts'

declare global {
  interface Window {
    /** What the preload exposes: the only way out of this window. */
    readonly ablate: Transport
  }
}
