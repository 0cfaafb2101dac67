/** The requests of the soak, and what their answers have to be. */
import assert from 'node:assert/strict'
import { partsOf, rowsOf, textOf } from './content.ts'
import type { Answered, Asked } from './exchange.ts'

/** A request and the check of the application's own answer. */
export interface Planned {
  asked: Asked
  check(answer: Answered): void
  /** The cookie that the application sets. */
  cookie?: string
}

const KINDS: readonly ((id: number) => Planned)[] = [
  (id) => get(`/json/${id}`, 200, JSON.stringify(rowsOf(id))),
  (id) => get(`/text/${id}`, 200, textOf(id)),
  (id) => get(`/parallel/${id}`, 200, JSON.stringify([id, id + 1, id + 2].map(rowsOf))),
  (id) => get(`/nested/${id}`, 200, JSON.stringify(rowsOf(id))),
  (id) => get(`/stream/${id}`, 200, partsOf(id).join('')),
  (id) => get(`/events/${id}`, 200, partsOf(id).map(eventOf).join('')),
  (id) => get(`/fails/${id}`, 500, `no such order ${id}`),
  (id) => get(`/nowhere/${id}`, 404, '404 Not Found'),
  (id) => get(`/zip/${id}`, 200, textOf(id), { 'accept-encoding': 'gzip' }),
  (id) => get(`/etag/${id}`, 304, '', { 'if-none-match': '*' }),
  (id) => ({ ...get(`/text/${id}`, 200, ''), asked: { method: 'HEAD', path: `/text/${id}` } }),
  (id) => echo(id, 1000 + (id % 60_000)),
  (id) => echo(id, 2_000_000),
  order,
  (id) => ({ ...get('', 204, ''), asked: { method: 'DELETE', path: `/order/${id}` } }),
  leave,
]

/** The request of a number, one kind after another. */
export function plan(id: number): Planned {
  // The step has no factor in common with the number of those that are profiled, so that each kind is.
  return KINDS[(id + Math.floor(id / 20)) % KINDS.length]!(id)
}

function get(
  path: string,
  status: number,
  text: string,
  headers: Record<string, string> = {}
): Planned {
  return {
    asked: { method: 'GET', path, headers },
    check(answer) {
      assert.equal(answer.status, status)
      assert.equal(answer.body.toString(), text)
    },
  }
}

function eventOf(part: string): string {
  return `data: ${part.trim()}\n\n`
}

function echo(id: number, length: number): Planned {
  const body = Buffer.alloc(length, `${id}/`)
  return {
    asked: { method: 'POST', path: `/echo/${id}`, body },
    check(answer) {
      assert.equal(answer.status, 200)
      assert.ok(answer.body.equals(body), `${answer.body.length} bytes, other than were sent`)
    },
  }
}

function order(id: number): Planned {
  const cookie = `order=${id}`
  return {
    asked: { method: 'POST', path: `/order/${id}` },
    cookie,
    check(answer) {
      assert.equal(answer.status, 303)
      assert.equal(answer.headers.location, '/orders')
      assert.match(String(answer.headers['set-cookie']), new RegExp(`^${cookie};`))
    },
  }
}

/** A client that goes away while the body streams. */
function leave(id: number): Planned {
  return {
    asked: { method: 'GET', path: `/stream/${id}`, leaves: true },
    check: ({ status }) => {
      assert.equal(status, 200)
    },
  }
}
