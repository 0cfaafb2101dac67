/** Ways to make something malformed of something valid. */
import type { Random } from './random.ts'

/** Values that programs trip over. */
const HOSTILE: readonly unknown[] = [
  null,
  true,
  -1,
  0.5,
  2 ** 31,
  2 ** 53,
  1e308,
  '',
  '\u0000',
  '__proto__',
  'constructor',
  '../../../etc/passwd',
  'x'.repeat(500),
  [],
  {},
  [[]],
  [null],
]

const HOSTILE_KEYS = ['__proto__', 'constructor', 'toString', 'then', '', '-1']

/** Changes up to four bytes, or cuts, doubles or removes a stretch. */
export function mutateBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const end = Math.min(bytes.length, at + random.below(16))
  switch (random.below(5)) {
    case 0:
      return bytes.slice(0, at)
    case 1:
      return joined(bytes.subarray(0, at), bytes.subarray(end))
    case 2:
      return joined(bytes.subarray(0, end), bytes.subarray(at))
    case 3:
      return joined(bytes.subarray(0, at), random.bytes(random.below(8)), bytes.subarray(at))
    default: {
      const changed = bytes.slice()
      for (let i = random.below(4); i >= 0 && changed.length > 0; i--) {
        changed[random.below(changed.length)] = random.pick([0, 1, 0x7f, 0x80, 0xff, 0x22, 0x2c])
      }
      return changed
    }
  }
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}

type Holder = Record<string | number, unknown>

/** Changes up to three places of what JSON holds: other values, fields that are missing or are new. */
export function mutateJson(text: string, random: Random): unknown {
  const root = { json: JSON.parse(text) as unknown }
  for (let i = random.below(3); i >= 0; i--) {
    changePlace(root, random)
  }
  return root.json
}

function changePlace(root: Holder, random: Random): void {
  let holder = root
  let key: string | number = 'json'
  // Deeper with each step, and deepest mostly.
  while (random.share() < 0.85 && isHolder(holder[key])) {
    const inner: Holder = holder[key] as Holder
    const keys = Object.keys(inner)
    if (keys.length === 0) {
      break
    }
    holder = inner
    key = random.pick(keys)
  }
  const value = holder[key]
  switch (random.below(5)) {
    case 0:
      if (Array.isArray(holder)) {
        holder.splice(Number(key), 1)
      } else {
        Reflect.deleteProperty(holder, key)
      }
      return
    case 1:
      if (isHolder(value) && !Array.isArray(value)) {
        setOwn(value, random.pick(HOSTILE_KEYS), random.pick(HOSTILE))
      }
      return
    case 2:
      setOwn(
        holder,
        key,
        typeof value === 'number' ? value + random.pick([-1, 1, 0.5, 1e9]) : [value]
      )
      return
    case 3:
      if (Array.isArray(value)) {
        value.push(...(value as unknown[]).slice(random.below(value.length + 1)))
      }
      return
    default:
      setOwn(holder, key, random.pick(HOSTILE))
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null
}

/** As `JSON.parse` does it: `__proto__` is a field like any other. */
function setOwn(holder: Holder, key: string | number, value: unknown): void {
  Object.defineProperty(holder, key, {
    value: structuredClone(value),
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

/** Text of what URLs and headers can hold, and what they cannot. */
export function hostileText(random: Random): string {
  const parts = [
    'profile',
    '=',
    '&',
    '?',
    '%',
    '%31',
    '%ff',
    '+',
    '#',
    '1',
    'json',
    'ö',
    '\u0000',
    '[]',
  ]
  return Array.from({ length: random.below(12) }, () => random.pick(parts)).join('')
}
