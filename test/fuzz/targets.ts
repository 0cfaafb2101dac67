/** What is given malformed input, and what has to come of it. */
import type { Context } from 'hono'
import { HonoRequest } from 'hono/request'
import assert from 'node:assert/strict'
import { gzipSync } from 'node:zlib'
import { importCpuProfile } from '../../src/normalize/import-cpuprofile.ts'
import { importPprof } from '../../src/normalize/import-pprof.ts'
import { consoleRenderer } from '../../src/render/console.ts'
import { FORMATS } from '../../src/render/formats.ts'
import { checkSession, checkTree } from '../../src/session/check.ts'
import { Session } from '../../src/session.ts'
import { readSession } from '../../src/store/read-session.ts'
import { triggerReader } from '../../src/trigger.ts'
import { hostileText, mutateBytes, mutateJson } from './mutations.ts'
import type { Random } from './random.ts'
import { cpuProfileTexts, pprofFiles, sessionTexts } from './samples.ts'

/** Gives one malformed input to something, and says whether it was read all the same. */
export type Target = (random: Random) => boolean | Promise<boolean>

const utf8 = new TextEncoder()

/** Half of the inputs are changed as JSON, half as bytes; some have nothing to do with what is expected. */
function malformed(texts: readonly string[], random: Random): string | Uint8Array {
  const text = random.pick(texts)
  switch (random.below(16)) {
    case 0:
      return random.bytes(random.below(64))
    case 1:
      return `${'['.repeat(random.below(20_000))}1`
    default:
      return random.share() < 0.5
        ? JSON.stringify(mutateJson(text, random)) || ''
        : mutateBytes(utf8.encode(text), random)
  }
}

function malformedPprof(random: Random): Uint8Array {
  return random.below(16) === 0
    ? random.bytes(random.below(64))
    : mutateBytes(random.pick(pprofFiles), random)
}

const loader: Target = async (random) => {
  const kind = random.below(32)
  const input =
    kind < 24
      ? malformed(sessionTexts, random)
      : kind < 28
        ? malformed(cpuProfileTexts, random)
        : malformedPprof(random)
  if (kind === 0 && typeof input !== 'string') {
    return reads(() => readSession(mutateBytes(gzipSync(input), random)), random)
  }
  return reads(() => readSession(input), random)
}

const sessionJson: Target = (random) =>
  reads(() => Session.fromJSON(malformed(sessionTexts, random)), random)

const sessionObject: Target = (random) =>
  reads(() => Session.fromJSON(mutateJson(random.pick(sessionTexts), random)), random)

const cpuProfile: Target = (random) => {
  const json = mutateJson(random.pick(cpuProfileTexts), random)
  return reads(() => importCpuProfile(json as object), random)
}

const pprof: Target = (random) => reads(() => importPprof(malformedPprof(random)), random)

const trigger: Target = (random) => {
  const name = random.pick(['profile', 'p', 'größe', 'a+b', 'x[]'])
  const url = `http://host/${hostileText(random)}?${hostileText(random)}`
  const headers = new Headers()
  if (random.share() < 0.5) {
    headers.set('x-profile', encodeURIComponent(hostileText(random)))
  }
  const req = new HonoRequest({ url, headers } as unknown as Request)
  const ask = triggerReader(name)({ req } as unknown as Context)
  assert.ok(ask === undefined || FORMATS.includes(ask.format))
  return ask !== undefined
}

export const targets: Readonly<Record<string, Target>> = {
  loader,
  'Session.fromJSON of text': sessionJson,
  'Session.fromJSON of an object': sessionObject,
  'the cpuprofile importer': cpuProfile,
  'the pprof importer': pprof,
  'the trigger': trigger,
}

/** What is read is a session that holds and can be shown; what is not is refused with a sentence. */
async function reads(read: () => Session | Promise<Session>, random: Random): Promise<boolean> {
  let session: Session
  try {
    session = await read()
  } catch (error) {
    assert.ok(error instanceof TypeError, `it threw ${String(error)}`)
    assert.match(error.message, /^hono-profiler: .{10}/)
    return false
  }
  checkSession(session.data)
  if (random.below(8) === 0) {
    checkTree(session.rootFrame(), session.duration)
    consoleRenderer().render(session)
  }
  return true
}
