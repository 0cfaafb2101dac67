import { Session } from '../session.ts'
import { SESSION_FILE_EXTENSION } from './directory-store.ts'
import type { SessionStore } from './store.ts'
import { saveUnderNewName } from './store.ts'

/** What sessions need of a namespace of Workers KV. */
export interface KvNamespace {
  get(key: string): Promise<string | null>
  put(key: string, value: string): Promise<void>
  list(options: { prefix: string; cursor?: string }): Promise<{
    keys: { name: string }[]
    list_complete: boolean
    cursor?: string
  }>
}

/** What sessions need of an R2 bucket. */
export interface R2Bucket {
  get(key: string): Promise<{ text(): Promise<string> } | null>
  put(key: string, value: string, options?: { onlyIf: Headers }): Promise<object | null>
  list(options: { prefix: string; cursor?: string }): Promise<{
    objects: { key: string }[]
    truncated: boolean
    cursor?: string
  }>
}

/** What Workers KV and R2 have in common. */
interface TextStore {
  read(key: string): Promise<string | null | undefined>
  /** Keeps a text under a new key; false when the key is taken. */
  create(key: string, text: string): Promise<boolean>
  /** A page of the keys that begin with `prefix`. */
  list(prefix: string, cursor?: string): Promise<{ keys: string[]; cursor?: string }>
}

/** Where sessions stand among other things. */
const DEFAULT_PREFIX = 'hono-profiler/'

/**
 * Keeps sessions in a namespace of Workers KV. KV shows a new session elsewhere after up to a minute.
 *
 * @param namespace A binding like `env.PROFILES`.
 * @param prefix What keys begin with; `hono-profiler/` by default.
 */
export function kvStore(namespace: KvNamespace, prefix: string = DEFAULT_PREFIX): SessionStore {
  return textStore(prefix, {
    read: (key) => namespace.get(key),

    async create(key, text) {
      if ((await namespace.get(key)) !== null) {
        return false
      }
      await namespace.put(key, text)
      return true
    },

    async list(start, cursor) {
      const page = await namespace.list({ prefix: start, ...(cursor && { cursor }) })
      return { keys: page.keys.map(({ name }) => name), ...next(!page.list_complete, page.cursor) }
    },
  })
}

/**
 * Keeps sessions in an R2 bucket.
 *
 * @param bucket A binding like `env.PROFILES`.
 * @param prefix What keys begin with; `hono-profiler/` by default.
 */
export function r2Store(bucket: R2Bucket, prefix: string = DEFAULT_PREFIX): SessionStore {
  return textStore(prefix, {
    read: async (key) => (await bucket.get(key))?.text(),

    async create(key, text) {
      const isNew = new Headers({ 'if-none-match': '*' })
      return (await bucket.put(key, text, { onlyIf: isNew })) !== null
    },

    async list(start, cursor) {
      const page = await bucket.list({ prefix: start, ...(cursor && { cursor }) })
      return { keys: page.objects.map(({ key }) => key), ...next(page.truncated, page.cursor) }
    },
  })
}

function next(hasMore: boolean, cursor: string | undefined): { cursor?: string } {
  return hasMore && cursor ? { cursor } : {}
}

function textStore(prefix: string, texts: TextStore): SessionStore {
  const keyOf = (name: string): string => prefix + name + SESSION_FILE_EXTENSION
  return {
    save(session) {
      const json = JSON.stringify(session)
      return saveUnderNewName(session, (name) => texts.create(keyOf(name), json))
    },

    async load(name) {
      const text = await texts.read(keyOf(name))
      return typeof text === 'string' ? Session.fromJSON(text) : undefined
    },

    async list() {
      const names: string[] = []
      let cursor: string | undefined
      do {
        const page = await texts.list(prefix, cursor)
        names.push(...page.keys.filter(isSession).map((key) => key.slice(prefix.length, -ENDING)))
        cursor = page.cursor
      } while (cursor !== undefined)
      return names.sort()
    },
  }
}

const ENDING = SESSION_FILE_EXTENSION.length

function isSession(key: string): boolean {
  return key.endsWith(SESSION_FILE_EXTENSION)
}
