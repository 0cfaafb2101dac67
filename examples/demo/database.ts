import { Worker } from 'node:worker_threads'

/** What a query takes and what the columns of its rows hold. */
export type Value = string | number | null

export interface Query {
  id: number
  sql: string
  values: Value[]
}

export type Answer = { id: number; rows: unknown[] } | { id: number; error: Error }

/**
 * The demo's database. SQLite itself is synchronous, so it runs in worker threads: a query is a message
 * out and a message back, and the application awaits it as it would a database on another machine.
 */
export interface Database {
  /** Runs one statement and gives its rows; none for a statement that returns nothing. */
  query<Row>(sql: string, ...values: Value[]): Promise<Row[]>
  close(): Promise<void>
}

/** Opens a pool of connections, each with its own thread. */
export function openDatabase(file: string, size = 2): Database {
  const connections = Array.from({ length: size }, () => connect(file))
  return {
    async query<Row>(sql: string, ...values: Value[]) {
      const leastBusy = connections.reduce((a, b) => (b.pending.size < a.pending.size ? b : a))
      return (await leastBusy.query(sql, values)) as Row[]
    },
    async close() {
      await Promise.all(connections.map(({ worker }) => worker.terminate()))
    },
  }
}

interface Connection {
  worker: Worker
  /** Queries that wait for their answers, by id. */
  pending: Map<number, (answer: Answer) => void>
  query(sql: string, values: Value[]): Promise<unknown[]>
}

function connect(file: string): Connection {
  const worker = new Worker(new URL('database-worker.ts', import.meta.url), { workerData: file })
  const pending: Connection['pending'] = new Map()
  let lastId = 0

  worker.on('message', (answer: Answer) => {
    pending.get(answer.id)!(answer)
    pending.delete(answer.id)
  })

  function query(sql: string, values: Value[]): Promise<unknown[]> {
    const id = ++lastId
    return new Promise((resolve, reject) => {
      pending.set(id, (answer) => {
        if ('error' in answer) {
          reject(answer.error)
        } else {
          resolve(answer.rows)
        }
      })
      worker.postMessage({ id, sql, values } satisfies Query)
    })
  }

  return { worker, pending, query }
}
