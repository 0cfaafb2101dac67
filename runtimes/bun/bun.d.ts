/**
 * What the profiler uses of Bun's own modules. `@types/bun` brings globals that clash with those of Node.
 */

declare module 'bun:jsc' {
  import type { JscTrace } from '../../src/normalize/jsc-frames.ts'

  /** Takes the traces since the last call out of JSC's sampling profiler. */
  export function samplingProfilerStackTraces(): { interval: number; traces: JscTrace[] }
}

declare module 'bun:ffi' {
  export function dlopen<Name extends string>(
    library: string,
    symbols: Record<Name, { args: readonly string[]; returns: string }>
  ): { symbols: Record<Name, (...args: unknown[]) => unknown>; close(): void }
}

declare const Bun: {
  readonly main: string
  password: { hash(password: string): Promise<string> }
  serve(options: {
    port: number
    fetch(request: Request, server: unknown): Response | Promise<Response>
    websocket?: object
  }): {
    readonly port: number
    stop(closeConnections: boolean): Promise<void>
  }
  gc(force: boolean): void
  spawn(command: string[] | { cmd: string[]; onExit: () => void }): {
    exited: Promise<number>
    stdout: ReadableStream<Uint8Array>
  }
  SQL: new (options: { url: string; max: number; tls: boolean }) => {
    (text: TemplateStringsArray): Promise<unknown> & { simple(): Promise<unknown> }
    close(): Promise<void>
  }
  resolveSync(specifier: string, parent: string): string
  plugin(plugin: { name: string; setup(build: BunPluginBuilder): void }): void
}

interface BunPluginBuilder {
  onResolve(
    options: { filter: RegExp },
    callback: (args: { path: string; importer: string }) => undefined
  ): void
  onLoad(
    options: { filter: RegExp },
    callback: (args: { path: string }) => { contents: string; loader: string }
  ): void
}
