import type { FunctionRecord, SessionData } from '../../session/records.ts'
import { STATES } from '../../session/records.ts'
import type { Theme } from './theme.ts'
import { PACKAGE_COLOURS, packagesByTime } from './theme.ts'

/** Positions in a palette. */
const APP = 0
const RUNTIME = 1
const FIRST_PACKAGE = 2

/** For each function the position of its colour in `paletteOf`. */
export function functionColours(data: SessionData): Uint8Array {
  const positions = new Map(packagesByTime(data).map((name, i) => [name, i % PACKAGE_COLOURS]))
  return Uint8Array.from(data.functions, ({ origin, package: name }) => {
    const position = name === undefined ? undefined : positions.get(name)
    return origin === 'app' ? APP : position === undefined ? RUNTIME : FIRST_PACKAGE + position
  })
}

/** The colours of calls by position. */
export function paletteOf({ app, runtime, packages }: Theme): string[] {
  return [app, runtime, ...packages]
}

/** The colours of what is not a call, by position in `STATES`. */
export function stateColours({ states }: Theme): string[] {
  return STATES.map((state) => states[state])
}

/** Marks the functions that a search does not find; undefined when there is no search. */
export function dimmedFunctions(
  { functions }: SessionData,
  isMatch: ((record: FunctionRecord) => boolean) | undefined
): Uint8Array | undefined {
  return isMatch && Uint8Array.from(functions, (record) => (isMatch(record) ? 0 : 1))
}
