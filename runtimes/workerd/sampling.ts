import type { CapturedSamples, RecordingOptions } from '../../src/adapter.ts'
import type { SampledCode, Sampling } from '../../src/capture/tracked-recording.ts'
import { isFrozen } from './clock.ts'
import { openPort } from './find-inspector.ts'
import { hasLocalInspector, INSPECTOR_FLAG, LocalInspector } from './inspector.ts'
import { Positions } from './positions.ts'
import { LocalSampler, RemoteSampler } from './samplers.ts'
import type { Reach } from './source-maps.ts'

/** Runs synchronous work of the profiler itself. */
type Uncounted = <T>(work: () => T) => T

/** What leads to the sources of the worker. */
export const positions: Positions = new Positions()

let local: LocalSampler | undefined

/**
 * Starts a sampler: V8's own from inside of the worker where the compatibility flag allows it, else by the port
 * of the worker's inspector.
 *
 * @throws When neither can be reached; the message says why and what to do.
 */
export function startSampling(
  options: RecordingOptions,
  uncounted: Uncounted
): Sampling | Promise<Sampling> {
  if (isFrozen()) {
    throw new Error(
      "Cloudflare's servers have no sampler, and their clock stands still while code runs"
    )
  }
  return hasLocalInspector() ? startLocal(options, uncounted) : startRemote(options)
}

function startLocal(
  { intervalUs, inspectorUrl }: RecordingOptions,
  uncounted: Uncounted
): Sampling {
  const sampler = (local ??= new LocalSampler(uncounted))
  const title = uncounted(() => sampler.start(intervalUs))
  return {
    intervalUs: sampler.intervalUs,
    async stop() {
      const samples = uncounted(() => sampler.stop(title))
      const inspector = new LocalInspector()
      try {
        return await withSources(samples, { inspector, inspectorUrl })
      } finally {
        inspector.close()
      }
    },
  }
}

async function startRemote({ intervalUs, inspectorUrl }: RecordingOptions): Promise<Sampling> {
  const { inspector, close } = await openPort(inspectorUrl).catch((error: unknown) => {
    throw new Error(
      `no inspector (${messageOf(error)}). Add ${INSPECTOR_FLAG} to the compatibility flags beside nodejs_compat, ` +
        'or give the option inspectorUrl the address of the inspector'
    )
  })
  const sampler = new RemoteSampler(inspector, intervalUs)
  try {
    await sampler.start()
  } catch (error) {
    await close()
    throw error
  }
  return {
    intervalUs,
    async stop() {
      try {
        return await withSources(await sampler.stop(), { inspector, inspectorUrl })
      } finally {
        await close()
      }
    },
  }
}

/** Lines are those of the bundle where its sources cannot be read. */
async function withSources(samples: CapturedSamples, reach: Reach): Promise<SampledCode> {
  try {
    await positions.update(reach, urlsOf(samples))
    return { samples }
  } catch (error) {
    return { samples, notes: [`Some lines are those of the bundle: ${messageOf(error)}`] }
  }
}

function urlsOf(samples: CapturedSamples): Set<string> {
  const urls = new Set<string>()
  for (const stack of new Set(Array.from(samples.stack))) {
    for (const frame of stack < 0 ? [] : samples.frames(stack)) {
      urls.add(frame.function.url)
    }
  }
  return urls
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
