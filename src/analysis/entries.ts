import type { FunctionRecord, SessionData, SessionMeta, State } from '../session/records.ts'
import { STATES } from '../session/records.ts'
import type { ProfileEntry, QueryOptions } from './query-options.ts'
import type { StateFilter } from './stack-sums.ts'
import { isCpu } from './stack-sums.ts'

/** Which entry each node of the stack sums belongs to. */
interface EntryKeys {
  /** The position in `entries` of a node; -1 when its file is not asked for. */
  keyOf: (node: number) => number
  entries: Omit<ProfileEntry, 'time'>[]
}

/** Interns what the nodes stand for: functions of one name and place, or packages. */
export function entryKeys(
  data: SessionData,
  { paths, group = 'function' }: QueryOptions
): EntryKeys {
  const { stacks, functions, meta } = data
  const isAsked = pathFilter(paths)
  const entries: EntryKeys['entries'] = []
  const positions = new Map<string, number>()
  const keyFor = (record: FunctionRecord | undefined): number => {
    if (!isAsked(record?.file ?? '')) {
      return -1
    }
    const entry = group === 'package' ? packageEntry(record, meta) : functionEntry(record, meta)
    const key = `${entry.function}\0${entry.file}\0${entry.line}`
    const position = positions.get(key) ?? entries.push(entry) - 1
    positions.set(key, position)
    return position
  }
  const keyOfFunction = functions.map(keyFor)
  const keyOfRequest = keyFor(undefined)
  return {
    keyOf: (node) => (node === 0 ? keyOfRequest : keyOfFunction[stacks.function[node - 1]!]!),
    entries,
  }
}

function functionEntry(
  record: FunctionRecord | undefined,
  { description }: SessionMeta
): Omit<ProfileEntry, 'time'> {
  return record
    ? { function: record.name, file: record.file, line: record.line }
    : { function: description, file: '', line: 0 }
}

function packageEntry(
  record: FunctionRecord | undefined,
  meta: SessionMeta
): Omit<ProfileEntry, 'time'> {
  return { function: packageName(record, meta), file: '', line: 0 }
}

function packageName(record: FunctionRecord | undefined, meta: SessionMeta): string {
  if (!record) {
    return meta.description
  }
  switch (record.origin) {
    case 'library':
      return record.package ?? '(library)'
    case 'app':
      return '(application)'
    case 'runtime':
      return `(${meta.runtime})`
    case 'native':
      return '(native)'
    case 'profiler':
      return 'hono-profiler'
  }
}

/** Whether a file is asked for by `paths`. */
export function pathFilter(paths: QueryOptions['paths'] = []): (file: string) => boolean {
  const parts = typeof paths === 'string' ? [paths] : paths
  return (file) => parts.length === 0 || parts.some((part) => file.includes(part))
}

/** Samples that count when a state is asked for. */
export function stateFilter(state: State | undefined): StateFilter | undefined {
  return state === 'cpu' ? isCpu : state && ((position) => STATES[position] === state)
}
