import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

type CollectGarbage = () => void

let collect: CollectGarbage | undefined

/**
 * Drops the code that V8 has compiled to replace running loops. When sampling starts, V8 lists the code that is there,
 * but not this (`ExistingCodeLogger` goes through functions, and such code belongs to none): functions that run in it
 * would be missing from stacks, and their time be their callers'. It is held weakly, so a full collection frees it, and
 * what is compiled anew is known. Takes about as long as the start of sampling itself.
 */
export function dropReplacedCode(): void {
  collect ??= garbageCollector()
  collect()
}

/** V8's own function, which a new context has while the flag is set. */
function garbageCollector(): CollectGarbage {
  const isExposed = 'gc' in globalThis
  setFlagsFromString('--expose-gc')
  try {
    return runInNewContext('gc') as CollectGarbage
  } finally {
    if (!isExposed) {
      setFlagsFromString('--no-expose-gc')
    }
  }
}
