import { CallStack } from './call-stack/call-stack.tsx'
import { FlameGraph } from './flame-graph/flame-graph.tsx'
import { Functions } from './functions/functions.tsx'
import { Middleware } from './middleware/middleware.tsx'
import { Source } from './source/source.tsx'
import { Timeline } from './timeline/timeline.tsx'
import type { View } from './view.ts'

/** The views in the order of their tabs; the first is open at first. */
export const views: readonly View[] = [
  { name: 'call-stack', label: 'Call stack', Content: CallStack },
  { name: 'timeline', label: 'Timeline', Content: Timeline },
  { name: 'flame-graph', label: 'Flame graph', Content: FlameGraph },
  { name: 'functions', label: 'Functions', Content: Functions },
  { name: 'source', label: 'Source', Content: Source },
  { name: 'middleware', label: 'Middleware', Content: Middleware },
]
