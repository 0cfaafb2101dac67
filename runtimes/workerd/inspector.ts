import type inspector from 'node:inspector'
import { builtin, hasFlag } from './platform.ts'

/** V8's inspector, however it is reached. */
export interface Inspector {
  /** @throws When it refuses, or does not answer in time. */
  post<T>(method: string, params?: object): Promise<T>
  /** Calls `listener` with the parameters of each event of that name. */
  on(method: string, listener: (params: never) => void): void
}

/**
 * With this compatibility flag, and `nodejs_compat`, a worker reaches the inspector from inside. Cloudflare's servers
 * do not accept it.
 */
export const INSPECTOR_FLAG = 'enable_nodejs_inspector_local_dev'

/** Whether the inspector can be reached from inside. */
export function hasLocalInspector(): boolean {
  return hasFlag(INSPECTOR_FLAG) && builtin('node:inspector') !== undefined
}

/** The inspector from inside. It belongs to no request, and answers before `post` returns. */
export class LocalInspector implements Inspector {
  readonly #session: inspector.Session

  constructor() {
    this.#session = new (builtin('node:inspector')!.Session)()
    this.#session.connect()
  }

  /** @throws When it refuses. */
  postSync(method: string, params: object = {}): unknown {
    const answers: { error: Error | null; result: object | undefined }[] = []
    this.#session.post(method, params, (error, result) => {
      answers.push({ error, result })
    })
    const [answer] = answers
    if (answer?.error) {
      throw new Error(`${method} failed: ${answer.error.message}`)
    }
    return answer?.result
  }

  post<T>(method: string, params?: object): Promise<T> {
    return new Promise((resolve) => {
      resolve(this.postSync(method, params) as T)
    })
  }

  on(method: string, listener: (params: never) => void): void {
    this.#session.on(method, ({ params }: { params: never }) => {
      listener(params)
    })
  }

  close(): void {
    this.#session.disconnect()
  }
}
