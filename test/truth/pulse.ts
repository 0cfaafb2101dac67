/** A thread that wants the processor once a millisecond, as V8's sampling thread does, and notes how long it had to wait. */
import { workerData } from 'node:worker_threads'

const longest = new Float64Array(workerData as SharedArrayBuffer)
const never = new Int32Array(new SharedArrayBuffer(4))

let last = performance.now()
for (;;) {
  Atomics.wait(never, 0, 0, 1)
  const now = performance.now()
  longest[0] = Math.max(longest[0]!, now - last)
  last = now
}
