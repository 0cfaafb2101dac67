import { cpuProfileRenderer } from '../../render/cpuprofile.ts'
import { foldedRenderer } from '../../render/folded.ts'
import { markdownRenderer } from '../../render/markdown.ts'
import { pprofRenderer } from '../../render/pprof.ts'
import type { Renderer } from '../../render/renderer.ts'
import { speedscopeRenderer } from '../../render/speedscope.ts'
import type { SessionData } from '../../session/records.ts'
import { buildCallTree } from '../../session/tree.ts'
import type { Session } from '../../session.ts'

/** A form in which the report can be kept. */
export interface Format {
  label: string
  /** What opens it. */
  use: string
  renderer: () => Renderer<string | Uint8Array>
}

/** What can be downloaded. */
export const formats: readonly Format[] = [
  { label: 'Session', use: 'all there is, for loadSession', renderer: sessionRenderer },
  { label: 'speedscope', use: 'speedscope.app', renderer: speedscopeRenderer },
  { label: 'cpuprofile', use: 'DevTools, VS Code, cpupro', renderer: cpuProfileRenderer },
  { label: 'pprof', use: 'go tool pprof, Pyroscope', renderer: pprofRenderer },
  { label: 'Folded stacks', use: 'flamegraph.pl, inferno', renderer: foldedRenderer },
]

function sessionRenderer(): Renderer {
  return {
    name: 'session',
    contentType: 'application/json',
    extension: 'json',
    render: ({ data }) => JSON.stringify(data),
  }
}

/** The report as text for an issue or an agent. */
export function asMarkdown(data: SessionData): string {
  return markdownRenderer().render(asSession(data))
}

/** What renderers read of a session: the class would bring along all that can be asked of one. */
export function asSession(data: SessionData): Session {
  const { meta } = data
  const read: Pick<Session, 'data' | 'meta' | 'duration' | 'rootFrame'> = {
    data,
    meta,
    duration: meta.duration,
    rootFrame: (options) => buildCallTree(data, options),
  }
  return read as Session
}
