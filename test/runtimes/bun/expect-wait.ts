import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { checkSession } from '../../../src/session/check.ts'
import { AWAIT, BLOCKED } from '../../../src/session/records.ts'
import type { Session } from '../../../src/session.ts'

/**
 * Gives the expectation that a function waits at the line of a file which ends with a marker or is it, and
 * nowhere else.
 *
 * @param file The test itself.
 * @param ms How long it waits. Starting takes part of the time, and so does what is not the wait itself.
 */
export function waitsOf(
  file: string,
  ms: number
): (session: Session, name: string, marker: string) => void {
  const lines = readFileSync(file, 'utf8').split('\n')
  const leastMs = 0.75 * ms
  return (session, name, marker) => {
    checkSession(session.data)
    const waits = waitsByLine(session, name)
    const expected =
      lines.findIndex((line) => [line.split('// ')[1], line.trim()].includes(marker)) + 1
    const found = JSON.stringify([...waits])
    assert.ok((waits.get(expected) ?? 0) > leastMs, `line ${expected}: ${found}`)
    const others = [...waits].filter(([line, each]) => line !== expected && each > leastMs / 4)
    assert.deepEqual(others, [])
  }
}

function waitsByLine(session: Session, name: string): Map<number, number> {
  const { functions, stacks, samples } = session.data
  const waits = new Map<number, number>()
  samples.stack.forEach((leaf, i) => {
    // Where the machine is busy, part of a wait is blocked; it stands at the same line.
    const isWait = [AWAIT, BLOCKED].includes(samples.state[i]!)
    for (let at = leaf; at >= 0 && isWait; at = stacks.parent[at]!) {
      if (functions[stacks.function[at]!]!.name === name) {
        const line = stacks.line[at]!
        waits.set(line, (waits.get(line) ?? 0) + samples.durationUs[i]! / 1000)
        break
      }
    }
  })
  return waits
}
