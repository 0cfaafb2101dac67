/** Formats by the name that `?profile=` takes. */
export const FORMATS = ['html', 'text', 'json', 'markdown'] as const

/** The name of a format. */
export type Format = (typeof FORMATS)[number]
