import fc from 'fast-check'
import type { SessionData } from '../../src/session/records.ts'
import { arbitrarySession } from './arbitrary-session.ts'
import { buildSession } from './build-session.ts'

/** Names that functions can really have: computed property names are any text. */
export const hostileNames: readonly string[] = [
  'a;b',
  'line\nend\r\u2028\u0000',
  '[await]',
  '(garbage collector)',
  '(root)',
  '__proto__',
  'constructor',
  'has spaces 12',
  '</script><script>',
  '"quoted\\',
  '🔥größe',
  ' ',
  'x'.repeat(10_000),
]

const hostileName = fc.oneof(fc.constantFrom(...hostileNames), fc.string({ unit: 'grapheme' }))

/** Sessions whose functions have such names, in files with such paths. */
export const hostileSession: fc.Arbitrary<SessionData> = fc
  .tuple(arbitrarySession, fc.array(hostileName, { minLength: 20, maxLength: 20 }))
  .map(([data, names]) => ({
    ...data,
    functions: data.functions.map((record, i) => ({
      ...record,
      name: `${names[i % names.length]!}${i}`,
      ...(record.origin === 'profiler' && { package: 'hono-profiler' }),
      ...(record.origin === 'app' && {
        file: `/project/src/a b;%#?${i}\u00e9.ts`,
        fileShort: `src/a b;%#?${i}\u00e9.ts`,
      }),
    })),
  }))

const deep = Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';')

/** A stack of 5,000 functions that computes and waits. */
export const deepSession: SessionData = buildSession(`${deep};[await] 5\n${deep} 2`)
