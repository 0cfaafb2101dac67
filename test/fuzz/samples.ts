/** Valid files, small ones, from which malformed ones are made. */
import { cpuProfileRenderer } from '../../src/render/cpuprofile.ts'
import { pprofRenderer } from '../../src/render/pprof.ts'
import type { SessionData } from '../../src/session/records.ts'
import { Session } from '../../src/session.ts'
import { buildSession } from '../helpers/build-session.ts'

const request = { method: 'GET', path: '/orders/7', route: '/orders/:id', status: 200 }

const sessions: SessionData[] = [
  buildSession(''),
  buildSession('handler;loadUser;[await] 50\nhandler;lib:hono/html 20\n[gc] 1.5', {
    meta: { request: { ...request, timeToFirstByte: 3 }, notes: ['cut'] },
    waits: [{ path: 'handler;loadUser', start: 0, end: 50 }],
    blockers: [{ path: 'other', start: 10, duration: 5 }],
    spans: [
      { name: 'handler', kind: 'handler', start: 0, end: 71.5 },
      { name: 'load', start: 0, end: 50, parent: 0 },
    ],
  }),
  {
    ...buildSession('a;b;c 3\na;native:stringify 2\na;[blocked] 4'),
    sources: [{ file: '/project/src/app.ts', startLine: 3, lines: ['const a = 1', ''] }],
  },
]

/** Sessions as their files hold them. */
export const sessionTexts: readonly string[] = sessions.map((data) => JSON.stringify(data))

/** A profile as V8 writes it. */
const OF_V8 = {
  nodes: [
    { id: 1, callFrame: frame('(root)', -1), hitCount: 0, children: [2, 3, 4] },
    { id: 2, callFrame: frame('(idle)', -1), hitCount: 1 },
    { id: 3, callFrame: frame('(garbage collector)', -1), hitCount: 1 },
    {
      id: 4,
      callFrame: { ...frame('handler', 3), url: 'file:///project/src/app.ts' },
      hitCount: 2,
      positionTicks: [{ line: 5, ticks: 2 }],
    },
  ],
  startTime: 1000,
  endTime: 6000,
  samples: [2, 4, 4, 3],
  timeDeltas: [100, 1000, 1000, 1000],
}

function frame(functionName: string, lineNumber: number): object {
  return { functionName, scriptId: '0', url: '', lineNumber, columnNumber: -1 }
}

/** CPU profiles: V8's, and what is exported here. */
export const cpuProfileTexts: readonly string[] = [
  JSON.stringify(OF_V8),
  ...sessions.map((data) => cpuProfileRenderer().render(new Session(data))),
]

/** pprof profiles, not compressed. */
export const pprofFiles: readonly Uint8Array[] = sessions.map((data) =>
  pprofRenderer().render(new Session(data))
)
