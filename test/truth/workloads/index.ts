import type { Workload } from '../workload.ts'
import { awaits } from './awaits.ts'
import { callbacks } from './callbacks.ts'
import { classes } from './classes.ts'
import { combinators } from './combinators.ts'
import { computing } from './computing.ts'
import { generators } from './generators.ts'
import { io } from './io.ts'
import { middleware } from './middleware.ts'
import { thenChains } from './then-chains.ts'

export const workloads: Workload[] = [
  ...awaits,
  ...computing,
  ...combinators,
  ...thenChains,
  ...generators,
  ...callbacks,
  ...classes,
  ...middleware,
  ...io,
]
