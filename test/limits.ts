/** What each runtime gives and cannot do. The tests exclude by it, and `docs/runtimes.md` prints it. */

/** A row of the table. */
interface RuntimeRow {
  name: string
  computing: string
  waiting: string
  /** What it cannot tell, in words. */
  cannot: string
  testedOn: string
}

export const runtimes: readonly RuntimeRow[] = [
  {
    name: 'Node 20, 22, 24, 26',
    computing:
      "V8's sampler through `node:inspector`; when the request holds the processor is timed exactly",
    waiting: '`async_hooks` and the promise hooks of V8: every await, callback and timer',
    cannot: 'The callers of a frame that V8 has inlined.',
    testedOn: 'all four',
  },
  {
    name: 'Bun',
    computing: "JavaScriptCore's sampler, steered through `node:inspector`, read from `bun:jsc`",
    waiting:
      'awaits of promises and thenables, and calls of `fetch`, timers, `Bun.*`, `fs`, `crypto`, `zlib`, `dns`, streams, bodies, processes and sockets',
    cannot:
      'Without the preload: the line that awaits, who awaits a thenable, computed names, and what callbacks of functions that are imported by name compute before they settle a promise (`import { gzip } from "node:zlib"`).',
    testedOn: '1.4.5, Linux',
  },
  {
    name: 'Deno',
    computing: "V8's sampler through `node:inspector`",
    waiting:
      'awaits of promises, and calls of `fetch`, bodies, streams, timers and `crypto.subtle`',
    cannot:
      'Who awaits a thenable whose `then` starts nothing: its work stands at the function resumed last.',
    testedOn: '2.9.5, Linux',
  },
  {
    name: 'Cloudflare workerd',
    computing:
      "V8's sampler, in process or through the worker's own inspector port, while developing",
    waiting: 'awaits of promises, and calls of bindings, `fetch`, `Cache`, bodies and timers',
    cannot: 'Times below 1 ms; deployed, computing.',
    testedOn: 'Miniflare 4, `wrangler` 4',
  },
  {
    name: 'anything else (timing)',
    computing: "not sampled: timed between Hono's middleware and the awaits that are known",
    waiting: 'calls of `fetch`, bodies, streams, timers and `crypto.subtle`',
    cannot:
      'What a handler calls, and waits for APIs that are not wrapped: both count as computing of the handler.',
    testedOn: 'edge-runtime 4',
  },
]

/** What a runtime cannot tell, by the name of the workload that would show it, with the reason. */
export const limits: Record<string, Record<string, string>> = {
  deno: {
    'random program 1':
      'a call that was started early and has ended before it is awaited is not known to matter, so the moments that ' +
      'only it and others waited are told of the others.',
  },
  workerd: {
    'short runs that two functions share':
      'on a busy machine the sampler begins some milliseconds after a rest, so that of runs of a few milliseconds the ' +
      'function that comes first gets less than it took, and the next one as much more.',
    'loops that ran before':
      'V8 does not list the code that it has put in place of a running loop when sampling starts, and a worker cannot ' +
      'free it: a function that runs in it counts as its caller, until garbage is collected.',
    'a load shared between requests':
      'workerd lets no request wait for what another one has started.',
    SQLite: 'a worker has none in its own process: calls of D1 are told as waits.',
  },
}
