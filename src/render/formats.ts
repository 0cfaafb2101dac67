/** Formats by the name that `?profile=` takes. */
export const FORMATS = [
  'html',
  'text',
  'json',
  'markdown',
  'speedscope',
  'cpuprofile',
  'pprof',
  'folded',
  'firefox',
] as const

/** The name of a format. */
export type Format = (typeof FORMATS)[number]
