/** The part of Deno's own API that is used here. */
interface DenoNamespace {
  readonly version: { deno: string }
  readonly noColor: boolean
  readonly permissions: {
    querySync(descriptor: object): { state: 'granted' | 'prompt' | 'denied' }
  }
}

export const deno: DenoNamespace = (globalThis as unknown as { Deno: DenoNamespace }).Deno

/** Whether a permission is given. Asking first keeps Deno from prompting, which would block the process. */
export function isGranted(descriptor: { name: string; [detail: string]: string }): boolean {
  return deno.permissions.querySync(descriptor).state === 'granted'
}

/** The value of an environment variable; undefined when there is none, or it may not be read. */
export function env(name: string): string | undefined {
  return isGranted({ name: 'env', variable: name }) ? process.env[name] : undefined
}
