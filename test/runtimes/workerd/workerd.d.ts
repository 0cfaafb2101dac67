/** What the tests' workers use of workerd, by the names that it gives. */

interface Scheduler {
  wait(ms: number): Promise<void>
}

declare module 'cloudflare:workers' {
  import type { KvNamespace, R2Bucket } from 'hono-profiler'

  interface D1Statement {
    bind(...values: unknown[]): D1Statement
    run(): Promise<object>
  }

  interface ObjectId {
    equals(other: ObjectId): boolean
  }

  /** What RPC makes of an object: its properties are promises, whose own can be used at once. */
  interface CounterStub {
    id: ObjectId
    size: Promise<number>
    add(n: number): Promise<number>
    clock(): { pause(): Promise<string> }
  }

  /** The bindings that the tests configure. */
  interface Bindings {
    KV: KvNamespace
    R2: R2Bucket
    DB: {
      exec(sql: string): Promise<object>
      prepare(sql: string): D1Statement
    }
    COUNTER: {
      idFromName(name: string): ObjectId
      get(id: object): CounterStub
    }
    GREETER: {
      fetch(url: string): Promise<Response>
      greet(name: string): Promise<string>
    }
  }

  export const env: Bindings

  export class DurableObject {
    protected readonly env: Bindings
  }

  export const RpcTarget: new () => object

  export class WorkerEntrypoint {
    protected readonly env: Bindings
    fetch(request: Request): Promise<Response>
  }
}
