import { FrameScheduler } from '../../lib/charts/drawing/frame-scheduler.ts'

/** The one scheduler of the window's charts. */
export const frames = new FrameScheduler({
  now: () => performance.now(),
  nextFrame: (call) => requestAnimationFrame(call),
  later: (call, milliseconds) => setTimeout(call, milliseconds),
})
