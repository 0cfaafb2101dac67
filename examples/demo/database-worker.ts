import { DatabaseSync } from 'node:sqlite'
import type { StatementSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import type { Answer, Query } from './database.ts'

const port = parentPort!
const database = new DatabaseSync(workerData as string)
database.exec('PRAGMA busy_timeout = 5000')

const statements = new Map<string, StatementSync>()

function prepare(sql: string): StatementSync {
  const statement = statements.get(sql) ?? database.prepare(sql)
  statements.set(sql, statement)
  return statement
}

function answer({ id, sql, values }: Query): Answer {
  try {
    return { id, rows: prepare(sql).all(...values) }
  } catch (error) {
    return { id, error: error as Error }
  }
}

port.on('message', (query: Query) => {
  port.postMessage(answer(query))
})
