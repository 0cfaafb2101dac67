import type { ExchangeNote } from '../session/exchange.ts'
import { readExchangeNote } from '../session/exchange.ts'
import { STATE_FRAMES } from '../session/frame.ts'
import type { SampleTable, SessionData } from '../session/records.ts'
import { CPU } from '../session/records.ts'
import { Session } from '../session.ts'
import { checkCpuProfile } from './cpuprofile-shape.ts'
import { FunctionTable } from './functions.ts'
import { importV8Profile } from './import-v8.ts'
import type { ImportOptions } from './imported-session.ts'
import { UNNAMED, importedSession } from './imported-session.ts'
import { REQUEST, StackBuilder } from './stack-builder.ts'
import type { V8Profile, V8ProfileNode } from './v8-profile.ts'

/** A profile as `cpuProfileRenderer` writes it. */
interface ExportedProfile extends V8Profile {
  lines?: number[]
  $honoProfiler?: unknown
}

/**
 * Makes a session of a `.cpuprofile`, as Node, Chrome, Deno and `cpuProfileRenderer` write them. A profile of a
 * whole process is one tree, and times in which it was idle are waiting at the root.
 *
 * @param json The text, or the parsed object.
 * @throws TypeError A sentence that says what is wrong, when it is not such a profile.
 * @example
 * const session = importCpuProfile(await readFile('CPU.20261123.cpuprofile', 'utf8'))
 * console.log(session.flat({ n: 5 }))
 */
export function importCpuProfile(json: string | object, options: ImportOptions = {}): Session {
  const profile: unknown = typeof json === 'string' ? parse(json) : json
  checkCpuProfile(profile)
  const note = readExchangeNote((profile as ExportedProfile).$honoProfiler)
  if (note) {
    return new Session(importExported(profile, note, options))
  }
  const { description = UNNAMED, projectRoot = '' } = options
  return new Session(
    importV8Profile(profile, { description, paths: { projectRoot, ownFiles: [] } })
  )
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TypeError(
      `hono-profiler: not a CPU profile: the text is not JSON (${(cause as Error).message})`
    )
  }
}

/** Reads what this package wrote: samples last until the next one, and states are leaves. */
function importExported(
  profile: ExportedProfile,
  note: ExchangeNote,
  options: ImportOptions
): SessionData {
  const { projectRoot = note.projectRoot } = options
  const functions = new FunctionTable({ projectRoot, ownFiles: [] })
  const stacks = new StackBuilder()
  const nodes = new ExportedNodes(profile, functions, stacks)
  const samples: SampleTable = { stack: [], durationUs: [], state: [] }
  const { samples: ids = [], timeDeltas = [], lines = [] } = profile
  for (let i = 0; i < ids.length - 1; i++) {
    const { entry, state } = nodes.at(ids[i]!, lines[i] ?? 0)
    samples.stack.push(entry)
    samples.state.push(state)
    samples.durationUs.push(Math.max(0, Math.round(timeDeltas[i + 1]!)))
  }
  const { meta } = note
  return importedSession({ functions, stacks, samples, meta, description: meta.description, note })
}

/** Where a node stands: its callers' lines are not in the profile. */
interface Place {
  caller: number
  /** -1 for the request. */
  fn: number
  state: number
}

class ExportedNodes {
  readonly #places = new Map<number, Place>()
  readonly #stacks: StackBuilder

  constructor({ nodes }: V8Profile, functions: FunctionTable, stacks: StackBuilder) {
    this.#stacks = stacks
    const byId = new Map(nodes.map((node) => [node.id, node]))
    this.#places.set(nodes[0]!.id, { caller: REQUEST, fn: -1, state: CPU })
    // A map visits what is added while it is walked: callers come before what they call.
    for (const [id, place] of this.#places) {
      for (const child of byId.get(id)!.children ?? []) {
        this.#places.set(child, this.#placeOf(byId.get(child)!, place, functions))
      }
    }
  }

  /** The stack entry and the state of a sample of a node that executes `line`. */
  at(id: number, line: number): { entry: number; state: number } {
    const { caller, fn, state } = this.#places.get(id)!
    return { entry: fn < 0 ? REQUEST : this.#stacks.push(caller, fn, line), state }
  }

  #placeOf(node: V8ProfileNode, parent: Place, functions: FunctionTable): Place {
    const { functionName, scriptId, url, lineNumber, columnNumber } = node.callFrame
    const state = scriptId === '0' ? STATE_FRAMES.indexOf(functionName) : -1
    if (state >= 0) {
      return { ...parent, state }
    }
    const caller = parent.fn < 0 ? REQUEST : this.#stacks.push(parent.caller, parent.fn, 0)
    const [line, column] = [lineNumber + 1, columnNumber + 1]
    return { caller, fn: functions.intern({ name: functionName, url, line, column }), state: CPU }
  }
}
